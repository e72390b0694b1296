# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""From the ways in which people write models down to the options of the module C(model)."""

from __future__ import annotations

import os

DOCUMENTATION = r"""
name: declared_models
short_description: Read models as LiteLLM's config.yaml has them, or as options of the module model
version_added: 0.2.0
description:
  - Entries of a C(model_list) become options of M(rhpds.litemaas.model); entries that are such options stay as they are.
  - The second and further entries of one public name get ids of their own, so that each stays a deployment over runs.
options:
  _input:
    description: A C(config.yaml) that was read, its C(model_list), or a list of options.
    type: raw
    required: true
notes:
  - C(os.environ/NAME) is replaced by the variable of the machine that runs the play.
"""

EXAMPLES = r"""
- name: Take over the models of a LiteLLM
  rhpds.litemaas.gateway_contents:
    gateways: "{{ gateways }}"
    models: "{{ lookup('ansible.builtin.file', 'config.yaml') | from_yaml | rhpds.litemaas.declared_models }}"
"""

RETURN = r"""
_value:
  description: Options of M(rhpds.litemaas.model).
  type: list
  elements: dict
"""

from ansible.errors import AnsibleFilterError

ENVIRONMENT = "os.environ/"

# How the former collection's list of models named the same.
FORMER = {"litellm_model": "model", "rpm": "rpm_limit", "tpm": "tpm_limit"}


def declared_models(source):
    """Reads models; see DOCUMENTATION."""
    entries = source.get("model_list") or [] if isinstance(source, dict) else source or []
    counts, seen, found = {}, {}, []
    for entry in entries:
        name = entry.get("model_name")
        counts[name] = counts.get(name, 0) + 1
    for entry in entries:
        options = _resolved(_options(entry))
        name = options.get("model_name")
        seen[name] = seen.get(name, 0) + 1
        if counts[name] > 1 and not options.get("model_id"):
            options["model_id"] = name if seen[name] == 1 else f"{name}-{seen[name]}"
        found.append(options)
    return found


def _options(entry):
    parameters = dict(entry.get("litellm_params") or {})
    about = dict(entry.get("model_info") or {})
    options = {FORMER.get(name, name): value for name, value in entry.items()}
    if "api_version" in options:
        parameters["api_version"] = options.pop("api_version")
    for option, place in (("model", parameters), ("api_base", parameters), ("api_key", parameters)):
        if option in place:
            options[option] = place.pop(option)
    if "id" in about:
        options["model_id"] = about.pop("id")
    for name, rest in (("litellm_params", parameters), ("model_info", about)):
        options.pop(name, None)
        if rest:
            options[name] = rest
    return options


def _resolved(value):
    if isinstance(value, dict):
        return {name: _resolved(one) for name, one in value.items()}
    if isinstance(value, str) and value.startswith(ENVIRONMENT):
        name = value[len(ENVIRONMENT) :]
        if name not in os.environ:
            message = f"A model needs the environment variable {name}, which is not set where the play runs."
            raise AnsibleFilterError(message)
        return os.environ[name]
    return value


class FilterModule:
    """Makes the filter known to Ansible."""

    def filters(self):
        """Names the filter."""
        return {"declared_models": declared_models}
