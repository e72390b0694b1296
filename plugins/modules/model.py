#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Adds models, changes and deletes them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: model
short_description: Manage models of a gateway
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Clients call a model by its public name; each deployment is one way to reach it, and several of one name share its calls.
  - Without O(model_id) the only deployment of the name is meant, or a new one with the name as its id; where several serve the name, O(model_id) says which.
extends_documentation_fragment:
  - rhpds.litemaas.gateway
  - rhpds.litemaas.gateway.writing
options:
  model_name:
    description: The public name.
    type: str
    required: true
  model_id:
    description: Id of the deployment.
    type: str
  model:
    description: What the upstream calls it, as C(<provider>/<id>); needed for a new one. Endpoints that speak like OpenAI's are V(openai/<id>).
    type: str
  api_base:
    description: Address of the upstream, such as V(https://host/v1).
    type: str
  api_key:
    description: The upstream's key. It is kept encrypted and never told; a changed one is noticed by its digest.
    type: str
  mode:
    description: What it does, such as V(chat), V(completion) or V(embedding).
    type: str
  description:
    description: What the catalogue tells about it.
    type: str
  access_groups:
    description: Groups of models that can be granted together.
    type: list
    elements: str
  base_model:
    description: Name under which the price list has it, if not under the upstream's.
    type: str
  max_input_tokens:
    description: Most tokens of a prompt, or V(unlimited).
    type: str
  max_output_tokens:
    description: Most tokens of an answer, or V(unlimited).
    type: str
  weight:
    description: Share of the calls among the deployments of one name.
    type: str
  rpm_limit:
    description: Requests per minute, or V(unlimited).
    type: str
  tpm_limit:
    description: Tokens per minute, or V(unlimited).
    type: str
  max_parallel_requests:
    description: Requests at the same time, or V(unlimited).
    type: str
  upstream_timeout:
    description: Seconds that the upstream may take for a whole answer, or V(unlimited).
    type: str
  stream_timeout:
    description: Seconds that the upstream may take to its first byte, or V(unlimited).
    type: str
  input_cost_per_token:
    description: US dollars for each token of a prompt.
    type: str
  output_cost_per_token:
    description: US dollars for each token of an answer.
    type: str
  cache_ttl:
    description: Seconds for which the response cache keeps an answer, or V(0) for no cache; it needs a Redis.
    type: int
  cache_shared:
    description: Whether all share cached answers; if not, each team has its own, and each user without a team.
    type: bool
  routing:
    description:
      - How the calls of the public name are spread over its deployments, and which models stand in. What is left out stays.
      - Fields are C(strategy) (V(simple-shuffle), V(least-busy), V(latency-based-routing) or V(lowest-cost)), C(retries), C(fallbacks),
        C(context_window_fallbacks), C(allowed_fails) and C(cooldown_seconds).
    type: dict
  litellm_params:
    description: Other parameters of the upstream by LiteLLM's names, without C(api_key).
    type: dict
  model_info:
    description: Other facts for the catalogue by LiteLLM's names.
    type: dict
seealso:
  - module: rhpds.litemaas.model_info
"""

EXAMPLES = r"""
- name: Add a model of OpenShift AI
  rhpds.litemaas.model:
    url: https://litellm-admin.apps.example.com
    master_key: "{{ master_key }}"
    model_name: granite-3-2-8b-instruct
    model: openai/granite-3-2-8b-instruct
    api_base: https://granite-3-2-8b-instruct-models.apps.example.com/v1
    api_key: "{{ lookup('ansible.builtin.env', 'GRANITE_KEY') }}"
    mode: chat
"""

RETURN = r"""
model:
  description: The deployment; null where there is none.
  returned: success
  type: dict
  sample:
    model_name: granite-3-2-8b-instruct
    litellm_params: {model: openai/granite-3-2-8b-instruct}
    model_info: {id: granite-3-2-8b-instruct, mode: chat}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils.desired import STATE_SPEC, run
from ansible_collections.rhpds.litemaas.plugins.module_utils.management import ARGUMENT_SPEC
from ansible_collections.rhpds.litemaas.plugins.module_utils.models import OPTIONS, Model


def main():
    """Runs the module."""
    module = AnsibleModule(argument_spec=dict(ARGUMENT_SPEC, **STATE_SPEC, **OPTIONS), supports_check_mode=True)
    run(module, Model)


if __name__ == "__main__":
    main()
