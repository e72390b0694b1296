"""Base images from Debian's packages: they stand in for the registry's images that the Containerfile names."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools.image.store import FOLDER, Store

_SUITE = "trixie"
"""Debian 13, the first release whose Node.js builds the web UI."""

_MINIMAL_SYSTEM = "localhost/litemaas-base"
_INSTALL = """
export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet=2
apt-get install --yes --quiet=2 --no-install-recommends "$@"
rm -rf /var/cache/apt/* /var/lib/apt/lists/* /usr/share/doc /usr/share/man
"""


@dataclass(frozen=True)
class Base:
    """A base image: its name, and the Debian packages beyond the minimal system."""

    name: str
    packages: tuple[str, ...]


PYTHON = Base("localhost/litemaas-base-python", ("python3", "python3-venv"))
NODE = Base("localhost/litemaas-base-node", ("nodejs", "npm"))


def make_base(store: Store, base: Base) -> None:
    """Make the base image, unless the store has it.

    Raises:
        subprocess.CalledProcessError: debootstrap, apt or buildah failed; it has said why.
    """
    if store.has(base.name):
        return
    _make_minimal_system(store)
    with store.container(_MINIMAL_SYSTEM) as container:
        store.call("run", container, "--", "sh", "-euc", _INSTALL, "sh", *base.packages)
        store.call("commit", "--quiet", "--squash", container, base.name)


def _make_minimal_system(store: Store) -> None:
    if store.has(_MINIMAL_SYSTEM):
        return
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="base-") as folder:
        Path(folder).chmod(0o755)
        subprocess.run(["debootstrap", "--variant=minbase", "--include=ca-certificates", _SUITE, folder], check=True)
        shutil.rmtree(Path(folder) / "var/cache/apt")
        with store.container("scratch") as container:
            store.call("add", "--quiet", container, folder, "/")
            store.call("commit", "--quiet", container, _MINIMAL_SYSTEM)
