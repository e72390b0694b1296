# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""From InferenceServices to models."""

from __future__ import annotations

DOCUMENTATION = r"""
name: served_models
short_description: Make models of InferenceServices
version_added: 0.2.0
description:
  - From RV(rhpds.litemaas.inference_services_info#module:inference_services) to options of M(rhpds.litemaas.model).
  - Those that are not ready are left out, and without O(api_key) those that want a token.
  - The deployment's id is C(<namespace>.<name>), so that two of one name in different namespaces share its calls.
options:
  _input:
    description: The InferenceServices.
    type: list
    elements: dict
    required: true
  api_key:
    description: Token for those that want one.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Offer what OpenShift AI serves
  rhpds.litemaas.gateway_contents:
    gateways: "{{ gateways }}"
    models: "{{ served.inference_services | rhpds.litemaas.served_models }}"
"""

RETURN = r"""
_value:
  description: Options of M(rhpds.litemaas.model).
  type: list
  elements: dict
"""


def served_models(services, api_key=""):
    """Makes models; see DOCUMENTATION."""
    callable_ones = [one for one in services if one["ready"] and one["api_base"] and (api_key or not one["protected"])]
    return [_model(one, api_key if one["protected"] else "") for one in callable_ones]


def _model(service, api_key):
    options = {
        "model_name": service["served_name"],
        "model_id": f"{service['namespace']}.{service['name']}",
        "model": f"openai/{service['served_name']}",
        "api_base": service["api_base"],
        "description": f"{service['display_name']}, from OpenShift AI",
    }
    return dict(options, api_key=api_key) if api_key else options


class FilterModule:
    """Makes the filter known to Ansible."""

    def filters(self):
        """Names the filter."""
        return {"served_models": served_models}
