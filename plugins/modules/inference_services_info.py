#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Finds the models that OpenShift AI serves."""

from __future__ import annotations

DOCUMENTATION = r"""
module: inference_services_info
short_description: Find the models that OpenShift AI serves
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Lists KServe's InferenceServices with their addresses and the names under which they serve.
  - The filter P(rhpds.litemaas.served_models#filter) makes models of them.
extends_documentation_fragment:
  - rhpds.litemaas.cluster
  - rhpds.litemaas.cluster.reading
options:
  namespaces:
    description: Where to look; empty means everywhere.
    type: list
    elements: str
    default: []
  namespace_selector:
    description:
      - Only namespaces with this label are looked at, so that a team opts in with C(oc label namespace NAME litemaas.io/models=true).
      - Empty text means any namespace.
    type: str
    default: litemaas.io/models=true
"""

EXAMPLES = r"""
- name: Find the models of all namespaces that opted in
  rhpds.litemaas.inference_services_info:
  register: served

- name: Offer them
  rhpds.litemaas.model:
    url: https://litellm-admin.apps.example.com
    master_key: "{{ master_key }}"
    model_name: "{{ item.served_name }}"
    model: "openai/{{ item.served_name }}"
    api_base: "{{ item.api_base }}"
  loop: "{{ served.inference_services | selectattr('ready') }}"
"""

RETURN = r"""
inference_services:
  description: The InferenceServices by namespace and name; none where KServe is not installed.
  returned: success
  type: list
  elements: dict
  contains:
    namespace:
      description: Its namespace.
      type: str
    name:
      description: Its name.
      type: str
    display_name:
      description: Its name in OpenShift AI's dashboard.
      type: str
    served_name:
      description: The id to which its server answers.
      type: str
    model_format:
      description: Format of the model, such as C(vLLM).
      type: str
    ready:
      description: Whether it can be called.
      type: bool
    url:
      description: Its URL for clients.
      type: str
    internal_url:
      description: Its URL inside the cluster; empty where there is none.
      type: str
    api_base:
      description: What a model's C(api_base) must be.
      type: str
    protected:
      description: Whether it wants a token.
      type: bool
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils.connection import ARGUMENT_SPEC, connect
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ClusterError
from ansible_collections.rhpds.litemaas.plugins.module_utils.inference_services import InferenceServices
from ansible_collections.rhpds.litemaas.plugins.module_utils.resources import Resources


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(
            ARGUMENT_SPEC,
            namespaces={"type": "list", "elements": "str", "default": []},
            namespace_selector={"type": "str", "default": "litemaas.io/models=true"},
        ),
        supports_check_mode=True,
    )
    try:
        services = InferenceServices(Resources(connect(module.params)))
        found = services.find(module.params["namespaces"], module.params["namespace_selector"])
    except ClusterError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, inference_services=found)


if __name__ == "__main__":
    main()
