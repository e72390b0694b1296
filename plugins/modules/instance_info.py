#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Reads from the cluster how to reach an instance's gateway."""

from __future__ import annotations

DOCUMENTATION = r"""
module: instance_info
short_description: Read the URL and the master key of an instance
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Reads the Route C(litemaas), or the Ingress of this name, and the Secret C(litellm-secret).
  - The result holds secrets; keep it from the log with C(no_log).
extends_documentation_fragment:
  - rhpds.litemaas.cluster
  - rhpds.litemaas.cluster.reading
options:
  namespace:
    description: Namespace of the instance.
    type: str
    default: litemaas
"""

EXAMPLES = r"""
- name: Read how to reach the gateway of lab user 1
  rhpds.litemaas.instance_info:
    namespace: litemaas-user1
  register: instance
  no_log: true

- name: Add a model there
  rhpds.litemaas.model:
    url: "{{ instance.url }}"
    master_key: "{{ instance.master_key }}"
    authorities: "{{ instance.authorities }}"
    model_name: granite-3-2-8b-instruct
    model: openai/granite-3-2-8b-instruct
    api_base: https://granite-3-2-8b-instruct-models.apps.example.com/v1
"""

RETURN = r"""
url:
  description: URL of the gateway.
  returned: success
  type: str
  sample: https://litellm-admin.apps.example.com
master_key:
  description: Its master key.
  returned: success
  type: str
authorities:
  description: The certificate authorities that the deployment trusts beside those of the system, as PEM text.
  returned: success
  type: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils import generate
from ansible_collections.rhpds.litemaas.plugins.module_utils.connection import ARGUMENT_SPEC, connect
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ClusterError
from ansible_collections.rhpds.litemaas.plugins.module_utils.platform import ROUTES
from ansible_collections.rhpds.litemaas.plugins.module_utils.resources import Resources

NAME = "litemaas"
SECRET = "litellm-secret"  # its name
MASTER_KEY = "LITELLM_MASTER_KEY"
AUTHORITIES = "litemaas-authorities"
BUNDLE = "ca-bundle.crt"


def look(connection, namespace):
    """Reads an instance; see RETURN.

    Raises:
        ClusterError: There is none in the namespace.
    """
    resources = Resources(connection)
    routes = resources.find(ROUTES, "Route") is not None
    api_version, kind = (ROUTES, "Route") if routes else ("networking.k8s.io/v1", "Ingress")
    core = f"/api/v1/namespaces/{namespace}"
    entrance = connection.get_or_none(f"{resources.collection(api_version, kind, namespace)}/{NAME}")
    content = generate.decode(connection.get_or_none(f"{core}/secrets/{SECRET}"))
    trusted = connection.get_or_none(f"{core}/configmaps/{AUTHORITIES}") or {}
    if entrance is None or not content.get(MASTER_KEY):
        missing = f"{kind} {NAME}" if entrance is None else f"Secret {SECRET}"
        message = f"There is no LiteMaaS in namespace {namespace}: it has no {missing}."
        raise ClusterError(message)
    spec = entrance["spec"]
    host = spec["host"] if kind == "Route" else spec["rules"][0]["host"]
    return {
        "url": f"https://{host}",
        "master_key": content[MASTER_KEY],
        "authorities": (trusted.get("data") or {}).get(BUNDLE, ""),
    }


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(ARGUMENT_SPEC, namespace={"type": "str", "default": "litemaas"}),
        supports_check_mode=True,
    )
    try:
        found = look(connect(module.params), module.params["namespace"])
    except ClusterError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **found)


if __name__ == "__main__":
    main()
