# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""The program's source as the image build takes it: always the same bytes for the same files."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile

from .errors import ClusterError

CONTAINERFILE = "Containerfile"
_PARTS = (CONTAINERFILE, "LICENSE", "README.md", "pyproject.toml", "requirements", "src", "web")
# As in build_ignore of galaxy.yml, so that a clone and an installed collection make the same image.
_LEFT_OUT = frozenset({"__pycache__", "node_modules", "dist", "coverage", "tests"})


def files(folder):
    """Lists what belongs to the image, and nothing that tools leave behind.

    Args:
        folder: The clone, or the installed collection.

    Returns:
        Paths relative to the folder, sorted.

    Raises:
        ClusterError: The folder holds no source to build.
    """
    if not os.path.isfile(os.path.join(folder, CONTAINERFILE)):
        message = f"There is no {CONTAINERFILE} in {folder} to build the image from: set ocp4_workload_litemaas_image."
        raise ClusterError(message)
    found = []
    for part in _PARTS:
        path = os.path.join(folder, part)
        if os.path.isfile(path):
            found.append(part)
        for parent, folders, names in os.walk(path):
            folders[:] = [name for name in folders if name not in _LEFT_OUT and not name.startswith(".")]
            found += [os.path.relpath(os.path.join(parent, name), folder) for name in names if not name.startswith(".")]
    return sorted(found)


def digest(folder, paths):
    """Digests names and contents.

    Args:
        folder: Where they are.
        paths: See files.

    Returns:
        16 hexadecimal digits, the tag of the image that is made of them.
    """
    total = hashlib.sha256()
    for path in paths:
        with open(os.path.join(folder, path), "rb") as file:
            total.update(f"{path}\0{hashlib.sha256(file.read()).hexdigest()}\n".encode())
    return total.hexdigest()[:16]


def archive(folder, paths):
    """Packs the files, without owners and times.

    Args:
        folder: Where they are.
        paths: See files.

    Returns:
        A gzipped tar archive.
    """
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        for path in paths:
            full = os.path.join(folder, path)
            entry = tarfile.TarInfo(path)
            entry.size = os.path.getsize(full)
            entry.mode = 0o755 if os.access(full, os.X_OK) else 0o644
            with open(full, "rb") as file:
                tar.addfile(entry, file)
    return packed.getvalue()
