"""Kubeconfig files for the cluster's users; only their owner can read them."""

import base64
import json
import os
from pathlib import Path


def write_kubeconfig(folder: Path, name: str, *, url: str, authority: bytes, token: str) -> Path:
    """Write a kubeconfig that holds everything inline, with one context; returns its path."""
    cluster = {"server": url, "certificate-authority-data": base64.b64encode(authority).decode()}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "fake",
        "clusters": [{"name": "fake", "cluster": cluster}],
        "users": [{"name": name, "user": {"token": token}}],
        "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": name, "namespace": "default"}}],
    }
    path = folder / f"kubeconfig-{name.replace(':', '-')}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(config, file, indent=1)
    return path
