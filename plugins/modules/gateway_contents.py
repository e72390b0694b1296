#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Fills many gateways at once with the models and virtual keys that a deployment declares."""

from __future__ import annotations

DOCUMENTATION = r"""
module: gateway_contents
short_description: Declare models and virtual keys on many gateways
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Does on each gateway what M(rhpds.litemaas.model) and M(rhpds.litemaas.virtual_key) do, on all gateways at the same time.
  - What is not declared stays as it is.
  - A gateway on which something fails is reported in RV(instances); the module fails only if all do.
attributes:
  check_mode:
    description: Tells what would change, and changes nothing.
    support: full
  diff_mode:
    description: Shows the fields that change, without secrets.
    support: full
options:
  gateways:
    description: The gateways.
    type: list
    elements: dict
    required: true
    suboptions:
      namespace:
        description: Namespace of the gateway, for the result.
        type: str
        required: true
      url:
        description: Its URL.
        type: str
        required: true
      key:
        description: Its master key.
        type: str
        required: true
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
  authorities:
    description: More certificate authorities to trust, as PEM text.
    type: str
    default: ""
  timeout:
    description: Seconds that a gateway may take for one answer.
    type: int
    default: 30
seealso:
  - module: rhpds.litemaas.model
  - module: rhpds.litemaas.virtual_key
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

from concurrent.futures import ThreadPoolExecutor

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.rhpds.litemaas.plugins.module_utils import models, virtual_keys
from ansible_collections.rhpds.litemaas.plugins.module_utils.desired import STATE_SPEC, settle
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import GatewayError
from ansible_collections.rhpds.litemaas.plugins.module_utils.management import Gateway, trusting

THREADS = 16
SECRETS = ("api_key", "key")
KINDS = (("models", models.Model, models.OPTIONS), ("virtual_keys", virtual_keys.VirtualKey, virtual_keys.OPTIONS))


def declared(module):
    """Reads what is declared as the single modules read their options.

    Args:
        module: The AnsibleModule.

    Returns:
        Pairs of a kind's class and its parameters.
    """
    found = []
    for option, kind, options in KINDS:
        required = {"key_alias": dict(options["key_alias"], required=True)} if option == "virtual_keys" else {}
        validator = ArgumentSpecValidator(dict(options, **STATE_SPEC, **required))
        for number, one in enumerate(module.params[option], start=1):
            module.no_log_values.update(str(one[name]) for name in SECRETS if one.get(name))
            checked = validator.validate(one)
            if checked.error_messages:
                module.fail_json(msg=f"Entry {number} of {option}: {' '.join(checked.error_messages)}")
            found.append((kind, checked.validated_parameters))
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
    for kind, params in orders:
        name = params.get("model_name") or params.get("key_alias")
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
        argument_spec={
            "gateways": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "namespace": {"type": "str", "required": True},
                    "url": {"type": "str", "required": True},
                    "key": {"type": "str", "required": True, "no_log": True},
                },
            },
            "keys": {"type": "dict", "default": {}, "no_log": True},
            "models": {"type": "list", "elements": "dict", "default": []},
            "virtual_keys": {"type": "list", "elements": "dict", "default": [], "no_log": False},
            "authorities": {"type": "str", "default": ""},
            "timeout": {"type": "int", "default": 30},
        },
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
    with ThreadPoolExecutor(THREADS) as workers:
        done = list(workers.map(attempt, module.params["gateways"]))
    instances = [instance for instance, _diffs in done]
    failed = [f"{one['namespace']}: {one['error']}" for one in instances if one["error"]]
    if instances and len(failed) == len(instances):
        module.fail_json(msg=" | ".join(failed), instances=instances)
    diffs = [diff for _instance, found in done for diff in found]
    module.exit_json(changed=any(one["changed"] for one in instances), instances=instances, diff=diffs)


if __name__ == "__main__":
    main()
