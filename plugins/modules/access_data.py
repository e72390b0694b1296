# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Documents the action of the same name, which does all the work on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: access_data
short_description: Hand messages and data of a deployment to AgnosticD
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Calls AgnosticD's own C(agnosticd_user_info) where it is installed.
  - Elsewhere it writes C(<ACTION>-user-info.yaml) and C(<ACTION>-user-data.yaml) to the folder C(output_dir) in the same format.
attributes:
  check_mode:
    description: Nothing is written.
    support: full
  diff_mode:
    description: Nothing is shown, because the data holds secrets.
    support: none
options:
  messages:
    description: Messages for the one who ordered the environment.
    type: list
    elements: str
    default: []
  data:
    description: Variables for all.
    type: dict
    default: {}
  users:
    description: Variables by lab user.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Tell a student where the lab is
  rhpds.litemaas.access_data:
    users:
      user1:
        litemaas_url: https://litellm-user1-rhpds.apps.example.com
  no_log: true
"""

RETURN = r"""
data:
  description: Variables that were stored for all.
  returned: always
  type: dict
users:
  description: Variables that were stored by lab user.
  returned: always
  type: dict
"""
