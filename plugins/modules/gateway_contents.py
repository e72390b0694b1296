#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Fills many gateways at once with the models, virtual keys and guardrails that a deployment declares."""

from __future__ import annotations

DOCUMENTATION = r"""
module: gateway_contents
short_description: Declare models, virtual keys and guardrails on many gateways
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Does on each gateway what M(rhpds.litemaas.model), M(rhpds.litemaas.virtual_key) and M(rhpds.litemaas.guardrail) do, on all
    gateways at the same time.
  - What is not declared stays as it is.
  - A gateway on which something fails is reported in RV(instances); the module fails only if all do.
extends_documentation_fragment:
  - rhpds.litemaas.gateway.many
attributes:
  check_mode:
    description: Tells what would change, and changes nothing.
    support: full
  diff_mode:
    description: Shows the fields that change, without secrets.
    support: full
options:
  keys:
    description: Texts of the virtual keys, by namespace and then by alias; those left out are made by the gateway.
    type: dict
    default: {}
  models:
    description: Models by the options of M(rhpds.litemaas.model), in their order.
    type: list
    elements: dict
    default: []
  virtual_keys:
    description: Virtual keys by the options of M(rhpds.litemaas.virtual_key), in their order.
    type: list
    elements: dict
    default: []
  guardrails:
    description: Guardrails by the options of M(rhpds.litemaas.guardrail), in their order.
    type: list
    elements: dict
    default: []
  timeout:
    description: Seconds that a gateway may take for one answer.
    type: int
    default: 30
seealso:
  - module: rhpds.litemaas.model
  - module: rhpds.litemaas.virtual_key
  - module: rhpds.litemaas.guardrail
"""

EXAMPLES = r"""
- name: Give every lab user the same model
  rhpds.litemaas.gateway_contents:
    gateways: "{{ gateways }}"
    models:
      - model_name: granite-3-2-8b-instruct
        model: openai/granite-3-2-8b-instruct
        api_base: https://granite-3-2-8b-instruct-models.apps.example.com/v1
"""

RETURN = r"""
instances:
  description: By gateway its namespace, whether it changed, and the error, empty where there was none.
  returned: always
  type: list
  elements: dict
  sample:
    - {namespace: litemaas, changed: true, error: ""}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.rhpds.litemaas.plugins.module_utils import guardrails, many_gateways, models, virtual_keys
from ansible_collections.rhpds.litemaas.plugins.module_utils.desired import STATE_SPEC, settle
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import GatewayError
from ansible_collections.rhpds.litemaas.plugins.module_utils.management import Gateway, trusting

SECRETS = ("api_key", "key")

# By option what it declares, and the option of an entry that names it; guardrails last, because they are bound to the others.
KINDS = {
    "models": (models.Model, models.OPTIONS, "model_name"),
    "virtual_keys": (virtual_keys.VirtualKey, virtual_keys.OPTIONS, "key_alias"),
    "guardrails": (guardrails.Guardrail, guardrails.OPTIONS, "name"),
}


def declared(module):
    """Reads what is declared as the single modules read their options.

    Args:
        module: The AnsibleModule.

    Returns:
        Triples of a kind's class, its parameters and its name.
    """
    found = []
    for option, (kind, options, named) in KINDS.items():
        validator = ArgumentSpecValidator(dict(options, **STATE_SPEC, **{named: dict(options[named], required=True)}))
        for number, one in enumerate(module.params[option], start=1):
            module.no_log_values.update(str(one[name]) for name in SECRETS if one.get(name))
            checked = validator.validate(one)
            if checked.error_messages:
                module.fail_json(msg=f"Entry {number} of {option}: {' '.join(checked.error_messages)}")
            found.append((kind, checked.validated_parameters, one[named]))
    return found


def fill(gateway, orders, keys, check_mode):
    """Settles everything on one gateway.

    Args:
        gateway: A Gateway.
        orders: See declared.
        keys: Texts of keys by alias.
        check_mode: Whether to change nothing.

    Returns:
        Whether something changed, and the diffs.

    Raises:
        GatewayError: See settle; the message begins with the name of what failed.
    """
    changed, diffs = False, []
    for kind, params, name in orders:
        text = params.get("key") or keys.get(params.get("key_alias"))
        try:
            outcome = settle(kind(gateway, dict(params, key=text)), params["state"], check_mode)
        except GatewayError as error:
            message = f"{kind.KIND} {name}: {error}"
            raise GatewayError(message, error.status) from error
        if outcome["changed"]:
            changed = True
            header = f"{gateway.url} {kind.KIND} {name}"
            diffs.append(dict(outcome["diff"], before_header=header, after_header=header))
    return changed, diffs


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(
            many_gateways.ARGUMENT_SPEC,
            keys={"type": "dict", "default": {}, "no_log": True},
            models={"type": "list", "elements": "dict", "default": []},
            virtual_keys={"type": "list", "elements": "dict", "default": [], "no_log": False},
            guardrails={"type": "list", "elements": "dict", "default": []},
            timeout={"type": "int", "default": 30},
        ),
        supports_check_mode=True,
    )
    orders = declared(module)

    def attempt(one):
        instance = {"namespace": one["namespace"], "changed": False, "error": ""}
        diffs = []
        try:
            gateway = Gateway(one["url"], one["key"], browser, module.params["timeout"])
            keys = module.params["keys"].get(one["namespace"], {})
            instance["changed"], diffs = fill(gateway, orders, keys, module.check_mode)
        except GatewayError as error:
            instance["error"] = str(error)
        return instance, diffs

    try:
        browser = trusting(module.params["authorities"])
    except GatewayError as error:
        module.fail_json(msg=str(error))
    done = many_gateways.at_once(attempt, module.params["gateways"])
    instances = [instance for instance, _diffs in done]
    failed = [f"{one['namespace']}: {one['error']}" for one in instances if one["error"]]
    if instances and len(failed) == len(instances):
        module.fail_json(msg=" | ".join(failed), instances=instances)
    diffs = [diff for _instance, found in done for diff in found]
    module.exit_json(changed=any(one["changed"] for one in instances), instances=instances, diff=diffs)


if __name__ == "__main__":
    main()
