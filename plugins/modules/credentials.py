#!/usr/bin/python
# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Reads an instance's Secrets, or makes them once."""

from __future__ import annotations

DOCUMENTATION = r"""
module: credentials
short_description: Read the credentials of instances, or generate them once
version_added: 0.2.0
author:
  - The LiteMaaS contributors (@rhpds)
description:
  - For each instance and each Secret, a value that is given wins, else the value in the cluster stays, else one is generated.
  - A Secret is created, never replaced, so that of two runs at the same time both use the same values.
extends_documentation_fragment:
  - rhpds.litemaas.cluster
attributes:
  check_mode:
    description: Generates values but writes none.
    support: full
  diff_mode:
    description: Not shown, because every field is a secret.
    support: none
options:
  namespaces:
    description: Namespaces of the instances; they must exist, unless in check mode.
    type: list
    elements: str
    required: true
  secrets:
    description:
      - By name of a Secret, and in it by key, what the value shall be in each instance.
      - Each is a dictionary with C(value), C(length) and C(prefix), all optional.
    type: dict
    required: true
  rotate:
    description: Keys to generate anew.
    type: list
    elements: str
    default: []
  digest_key:
    description: Key whose value makes the digests in RV(instances) useless for guessing the content.
    type: str
    required: true
  owner:
    description: Value of the label C(app.kubernetes.io/managed-by).
    type: str
    default: rhpds.litemaas
  concurrency:
    description: Instances that are handled at the same time.
    type: int
    default: 8
"""

EXAMPLES = r"""
- name: Keep or make the gateway's credentials
  rhpds.litemaas.credentials:
    digest_key: LITELLM_MASTER_KEY
    namespaces: [litemaas]
    secrets:
      litellm-secret:
        LITELLM_MASTER_KEY: {length: 32, prefix: sk-}
        UI_USERNAME: {value: admin}
  register: credentials
  no_log: true
"""

RETURN = r"""
instances:
  description: The credentials of each instance.
  returned: always
  type: list
  elements: dict
  contains:
    namespace:
      description: The namespace.
      type: str
    changed:
      description: Whether a Secret was created or changed.
      type: bool
    values:
      description: All keys of all Secrets of the instance.
      type: dict
    checksums:
      description: By Secret, a digest that changes when its content does.
      type: dict
    checksum:
      description: The same of all Secrets of the instance.
      type: str
    error:
      description: Why it failed; empty where it did not.
      type: str
"""

from concurrent.futures import ThreadPoolExecutor

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rhpds.litemaas.plugins.module_utils import generate
from ansible_collections.rhpds.litemaas.plugins.module_utils.connection import ARGUMENT_SPEC, MERGE_PATCH, connect
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ApiError, ClusterError
from ansible_collections.rhpds.litemaas.plugins.module_utils.manifest import OWNER_LABEL
from ansible_collections.rhpds.litemaas.plugins.module_utils.resources import Resources

LABELS = {"app.kubernetes.io/part-of": "litemaas"}


class Credentials:
    """Reads or makes the Secrets of instances."""

    def __init__(self, connection, params, check_mode):
        self._connection = connection
        self._params = params
        self._check_mode = check_mode
        self._labels = dict(LABELS, **{OWNER_LABEL: params["owner"]})
        selector = f"{OWNER_LABEL}={params['owner']}"
        found = Resources(connection).list_in("v1", "Secret", params["namespaces"], selector)
        self._present = {(one["metadata"]["namespace"], one["metadata"]["name"]): one for one in found}

    def settle(self, namespace):
        """Settles one instance; a failure is in its result, not raised."""
        result = {"namespace": namespace, "changed": False, "values": {}, "checksums": {}, "checksum": "", "error": ""}
        contents = {}
        try:
            for name, fields in self._params["secrets"].items():
                contents[name], changed = self._settle_one(namespace, name, fields)
                result["values"].update(contents[name])
                result["changed"] |= changed
            key = result["values"].get(self._params["digest_key"], "")
            result["checksums"] = {name: generate.checksum(content, key) for name, content in contents.items()}
            result["checksum"] = generate.checksum(contents, key)
        except ClusterError as error:
            result["error"] = str(error)
        return result

    def _settle_one(self, namespace, name, fields):
        live = self._present.get((namespace, name))
        present = generate.decode(live)
        wanted = generate.resolve(fields, present, self._params["rotate"])
        if live and wanted == present:
            return wanted, False
        if self._check_mode:
            return wanted, True
        if live is None:
            try:
                self._create(namespace, name, wanted)
            except ApiError as error:
                if error.status != 409:
                    raise
                # There is one without our label, or another run was faster: what it holds stays.
                present = generate.decode(self._connection.get(f"/api/v1/namespaces/{namespace}/secrets/{name}"))
                wanted = generate.resolve(fields, present, self._params["rotate"])
            else:
                return wanted, True
        self._patch(namespace, name, wanted)
        return wanted, True

    def _create(self, namespace, name, content):
        manifest = {
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "Opaque",
            "metadata": {"name": name, "namespace": namespace, "labels": self._labels},
            "data": generate.encode(content),
        }
        self._connection.request("POST", f"/api/v1/namespaces/{namespace}/secrets", manifest)

    def _patch(self, namespace, name, content):
        patch = {"metadata": {"labels": self._labels}, "data": generate.encode(content)}
        path = f"/api/v1/namespaces/{namespace}/secrets/{name}"
        self._connection.request("PATCH", path, patch, content_type=MERGE_PATCH)


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(
            ARGUMENT_SPEC,
            namespaces={"type": "list", "elements": "str", "required": True},
            secrets={"type": "dict", "required": True, "no_log": False},
            rotate={"type": "list", "elements": "str", "default": [], "no_log": False},
            digest_key={"type": "str", "required": True, "no_log": False},
            owner={"type": "str", "default": "rhpds.litemaas"},
            concurrency={"type": "int", "default": 8},
        ),
        supports_check_mode=True,
    )
    try:
        connection = connect(module.params, connections=module.params["concurrency"])
        credentials = Credentials(connection, module.params, module.check_mode)
        with ThreadPoolExecutor(module.params["concurrency"]) as workers:
            instances = list(workers.map(credentials.settle, module.params["namespaces"]))
    except ClusterError as error:
        module.fail_json(msg=str(error))
    failed = [f"{one['namespace']}: {one['error']}" for one in instances if one["error"]]
    if instances and len(failed) == len(instances):
        module.fail_json(msg="The Secrets can be neither read nor made. " + " | ".join(failed))
    module.exit_json(changed=any(one["changed"] for one in instances), instances=instances)


if __name__ == "__main__":
    main()
