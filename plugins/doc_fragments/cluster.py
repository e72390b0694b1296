# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Options that every module which talks to the cluster shares; their Python twin is module_utils/connection.py."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the connection options, and of what modules that only read have in common."""

    DOCUMENTATION = r"""
options:
  kubeconfig:
    description:
      - Path of the kubeconfig file.
      - Without it E(K8S_AUTH_KUBECONFIG), then E(KUBECONFIG), then C(~/.kube/config), then the pod's own service account are used.
    type: path
  context:
    description:
      - Context of the kubeconfig file.
      - Without it E(K8S_AUTH_CONTEXT), then the file's current context is used.
    type: str
  host:
    description:
      - URL of the API server, together with O(api_key) instead of a kubeconfig file; also E(K8S_AUTH_HOST).
    type: str
  api_key:
    description:
      - Bearer token for O(host); also E(K8S_AUTH_API_KEY).
    type: str
  ca_cert:
    description:
      - File with the certificate authority of O(host); also E(K8S_AUTH_SSL_CA_CERT).
    type: path
requirements:
  - kubernetes >= 24.2
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
