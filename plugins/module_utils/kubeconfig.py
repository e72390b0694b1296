# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""The way to a cluster from a plain kubeconfig, such as C(oc login) writes it: a server, its authority, a bearer token.

The import of the C(kubernetes) package costs a third of a second, and a play runs modules one after the other. So what needs
nothing of it is read here; whatever else a kubeconfig can say (exec plugins, client certificates, proxies, several files) is
left to the package, which knows all of it.
"""

from __future__ import annotations

import base64
import os
from collections import namedtuple

Access = namedtuple("Access", "host pool authorization")
"""Address of an API server, the connections to it, and what says the C(Authorization) header, or None, at each request."""

_DEFAULT = os.path.join("~", ".kube", "config")

# What a plain kubeconfig consists of. Certificate checks that are switched off are not plain.
_CLUSTER = {"server", "certificate-authority-data", "certificate-authority", "extensions"}
_USER = {"token"}

_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


def plain(path, context, connections):
    """Opens a cluster.

    Args:
        path: The kubeconfig; None means that of the environment or the user.
        context: Name of the context; None means the current one.
        connections: Sockets to keep.

    Returns:
        An Access, or None where the kubeconfig is not there or not a plain one.
    """
    import yaml  # noqa: PLC0415  (comes with the kubernetes package, which may be missing)
    from urllib3 import PoolManager  # noqa: PLC0415  (same)
    from urllib3.util.ssl_ import create_urllib3_context  # noqa: PLC0415  (same)

    if any(os.environ.get(name) for name in _PROXIES):
        return None
    path = os.path.expanduser(path or os.environ.get("KUBECONFIG") or _DEFAULT)
    try:
        with open(path, encoding="utf-8") as file:
            content = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  (safe loaders)
        chosen = _named(content, "contexts", context or content["current-context"])["context"]
        cluster = _named(content, "clusters", chosen["cluster"])["cluster"]
        user = _named(content, "users", chosen["user"])["user"]
        if not (cluster.keys() <= _CLUSTER and user.keys() == _USER and cluster["server"].startswith("https://")):
            return None
        trust = create_urllib3_context()
        _load_authority(trust, cluster, os.path.dirname(path))
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        return None  # the package says what is wrong with it
    pool = PoolManager(maxsize=connections, ssl_context=trust)
    return Access(cluster["server"].rstrip("/"), pool, lambda: f"Bearer {user['token']}")


def _named(content, kind, name):
    (found,) = (one for one in content[kind] if one["name"] == name)
    return found


def _load_authority(trust, cluster, folder):
    """Trusts the authorities that are stated, else those of the system."""
    if "certificate-authority-data" in cluster:
        trust.load_verify_locations(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
    elif "certificate-authority" in cluster:
        trust.load_verify_locations(cafile=os.path.join(folder, cluster["certificate-authority"]))
    else:
        trust.load_default_certs()
