#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Shares one OAuthClient among deployments."""

from __future__ import annotations

DOCUMENTATION = r"""
module: oauth_client
short_description: Add redirect URIs to a shared OAuthClient, or take them away
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - Merges redirect URIs into an OAuthClient under its resource version, so that deployments at the same time lose nothing.
  - The client's secret stays once it is there.
  - With O(state=absent) only the given URIs go, and the object with the last one.
extends_documentation_fragment:
  - rhpds.litemaas.cluster
attributes:
  check_mode:
    description: Nothing is written.
    support: full
  diff_mode:
    description: Shows the redirect URIs.
    support: full
options:
  state:
    description: Whether the redirect URIs shall be there.
    type: str
    choices: [present, absent]
    default: present
  name:
    description: Name of the OAuthClient.
    type: str
    required: true
  redirect_uris:
    description: The URIs.
    type: list
    elements: str
    required: true
  secret:
    description: Secret of the client; empty keeps the one that is there, or generates one.
    type: str
    default: ""
  owner:
    description: Value of the label C(app.kubernetes.io/managed-by) of an OAuthClient that is made.
    type: str
    default: rhpds.litemaas
"""

EXAMPLES = r"""
- name: Let an instance use the cluster's login
  rhpds.litemaas.oauth_client:
    name: litemaas-rhpds
    redirect_uris:
      - https://litellm-admin.apps.example.com/api/auth/callback
      - https://litellm-frontend.apps.example.com/api/auth/callback
  register: oauth_client
  no_log: true
"""

RETURN = r"""
secret:
  description: Secret of the client; empty when O(state=absent).
  returned: always
  type: str
redirect_uris:
  description: All redirect URIs of the client, ours and others'.
  returned: always
  type: list
  elements: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils.connection import ARGUMENT_SPEC, connect
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ApiError, ClusterError
from ansible_collections.rhpds.litemaas.plugins.module_utils.generate import random_value
from ansible_collections.rhpds.litemaas.plugins.module_utils.manifest import OWNER_LABEL

COLLECTION = "/apis/oauth.openshift.io/v1/oauthclients"
SECRET_LENGTH = 32
ATTEMPTS = 10


class OAuthClient:
    """The one OAuthClient that deployments share."""

    def __init__(self, connection, params, check_mode):
        self._connection = connection
        self._params = params
        self._check_mode = check_mode
        self._path = f"{COLLECTION}/{params['name']}"

    def merge(self):
        """Adds our URIs; returns the client before (None if there was none) and after."""
        for _attempt in range(ATTEMPTS):
            live = self._connection.get_or_none(self._path)
            wanted = self._with_ours(live) if live else self._new()
            if wanted == live or self._check_mode:
                return live, wanted
            try:
                method, path = ("PUT", self._path) if live else ("POST", COLLECTION)
                return live, self._connection.request(method, path, wanted)
            except ApiError as error:
                if error.status != 409:  # 409: another deployment was faster; look again
                    raise
        return self._contended()

    def take_away(self):
        """Takes our URIs away; returns the client before and after (None if there is none)."""
        for _attempt in range(ATTEMPTS):
            live = self._connection.get_or_none(self._path)
            if live is None:
                return None, None
            left = [uri for uri in live.get("redirectURIs") or () if uri not in self._params["redirect_uris"]]
            if left == (live.get("redirectURIs") or []):
                return live, live
            if self._check_mode:
                return live, dict(live, redirectURIs=left) if left else None
            try:
                return live, self._keep_or_delete(live, left)
            except ApiError as error:
                if error.status != 409:
                    raise
        return self._contended()

    def _keep_or_delete(self, live, left):
        if left:
            return self._connection.request("PUT", self._path, dict(live, redirectURIs=left))
        version = live["metadata"]["resourceVersion"]
        options = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"resourceVersion": version}}
        self._connection.request("DELETE", self._path, options)
        return None

    def _with_ours(self, live):
        present = live.get("redirectURIs") or []
        added = [uri for uri in self._params["redirect_uris"] if uri not in present]
        secret = self._params["secret"] or live.get("secret") or random_value(SECRET_LENGTH)
        return dict(live, redirectURIs=present + added, secret=secret)

    def _new(self):
        return {
            "apiVersion": "oauth.openshift.io/v1",
            "kind": "OAuthClient",
            "metadata": {
                "name": self._params["name"],
                "labels": {OWNER_LABEL: self._params["owner"], "app.kubernetes.io/part-of": "litemaas"},
            },
            "grantMethod": "prompt",
            "secret": self._params["secret"] or random_value(SECRET_LENGTH),
            "redirectURIs": list(self._params["redirect_uris"]),
        }

    def _contended(self):
        message = f"OAuthClient {self._params['name']} is changed by others all the time: try again."
        raise ClusterError(message)


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(
            ARGUMENT_SPEC,
            state={"type": "str", "choices": ["present", "absent"], "default": "present"},
            name={"type": "str", "required": True},
            redirect_uris={"type": "list", "elements": "str", "required": True},
            secret={"type": "str", "default": "", "no_log": True},
            owner={"type": "str", "default": "rhpds.litemaas"},
        ),
        supports_check_mode=True,
    )
    present = module.params["state"] == "present"
    try:
        client = OAuthClient(connect(module.params), module.params, module.check_mode)
        before, after = client.merge() if present else client.take_away()
    except ApiError as error:
        if error.status == 403 and not present:
            module.warn(f"OAuthClient {module.params['name']} was not looked at: {error}")
            module.exit_json(changed=False, secret="", redirect_uris=[])
        module.fail_json(msg=f"OAuthClient {module.params['name']}: {error}")
    except ClusterError as error:
        module.fail_json(msg=f"OAuthClient {module.params['name']}: {error}")
    old, new = ((one or {}).get("redirectURIs") or [] for one in (before, after))
    module.exit_json(
        changed=(before or {}).get("secret") != (after or {}).get("secret") or old != new,
        secret=(after or {}).get("secret", "") if present else "",
        redirect_uris=new,
        diff={"before": {"redirectURIs": old}, "after": {"redirectURIs": new}},
    )


if __name__ == "__main__":
    main()
