# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Options that every module which talks to a gateway shares; their Python twin is module_utils/management.py."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the gateway's options, and of the limits that several things have."""

    DOCUMENTATION = r"""
options:
  url:
    description:
      - URL of the gateway, with or without C(/v1); also E(LITEMAAS_URL).
      - M(rhpds.litemaas.instance_info) reads it from the cluster.
    type: str
    required: true
  master_key:
    description:
      - Master key of the gateway; also E(LITELLM_MASTER_KEY).
    type: str
    required: true
  authorities:
    description:
      - Certificate authorities to trust beside those of the system, as PEM text.
    type: str
    default: ""
  timeout:
    description:
      - Seconds that the gateway may take for one answer.
    type: int
    default: 30
"""

    MANY = r"""
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
  authorities:
    description: More certificate authorities to trust, as PEM text.
    type: str
    default: ""
"""

    WRITING = r"""
options:
  state:
    description:
      - Whether it shall be there.
      - Options that are left out leave alone what is there.
    type: str
    choices: [present, absent]
    default: present
attributes:
  check_mode:
    description: Tells what would change, and changes nothing.
    support: full
  diff_mode:
    description: Shows the fields that change, without secrets.
    support: full
"""

    READING = r"""
attributes:
  check_mode:
    description: It changes nothing.
    support: full
  diff_mode:
    description: It changes nothing.
    support: none
"""

    LIMITS = r"""
options:
  max_budget:
    description: US dollars that may be spent in each window, or V(unlimited).
    type: str
  soft_budget:
    description: US dollars from which on a warning is due, or V(unlimited).
    type: str
  budget_duration:
    description: Window of the budget, such as V(30d) or V(1mo), or V(lifetime).
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
"""

    HOLDER = r"""
options:
  budget_id:
    description: Shared budget whose limits apply where there are none of its own; empty text takes it away.
    type: str
  models:
    description:
      - Public names of models, access groups, or V(all-proxy-models); keys of a team may also have V(all-team-models).
      - Left out when it is created, all models; an empty list grants nothing.
    type: list
    elements: str
  blocked:
    description: Whether its calls are refused.
    type: bool
  metadata:
    description: Data of your own; it replaces what is there.
    type: dict
"""
