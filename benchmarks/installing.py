"""Installs other gateways from their registries: exact versions by hash, each where only this benchmark finds it."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import native
from benchmarks.caching import kept
from benchmarks.contender import UnavailableError

PEERS = Path(__file__).parent / "peers"
_INSTALL_LIMIT = 900
_NPM_OPTIONS = ("--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error")


def python_environment(name: str) -> Path:
    """Return the Python of an environment that holds exactly what `peers/<name>/requirements.lock` lists.

    Raises:
        UnavailableError: pip cannot install it here.
    """
    lock = PEERS / name / "requirements.lock"

    def make(folder: Path) -> None:
        _run([sys.executable, "-m", "venv", "--without-pip", folder])
        python = str(folder / "bin" / "python")
        pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
        _run([*pip, "install", "--quiet", "--no-deps", "--require-hashes", "--requirement", lock])

    return kept(name, [lock], make) / "bin" / "python"


def node_modules(name: str) -> Path:
    """Return the folder with exactly the packages of `peers/<name>/package-lock.json`.

    Their install scripts are not run.

    Raises:
        UnavailableError: npm is not installed, or cannot install it here.
    """
    manifests = [PEERS / name / file for file in ("package.json", "package-lock.json", ".npmrc")]

    def make(folder: Path) -> None:
        try:
            npm = native.require("npm")
        except native.MissingToolError as error:
            raise UnavailableError("npm is not installed") from error
        for manifest in manifests:
            shutil.copy(manifest, folder)
        _run([npm, "ci", *_NPM_OPTIONS], folder)

    return kept(name, manifests, make) / "node_modules"


def _run(command: Sequence[str | Path], folder: Path | None = None) -> None:
    try:
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=_INSTALL_LIMIT)
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(f"not installed within {_INSTALL_LIMIT} s") from error
    if ran.returncode:
        last = next(iter(ran.stderr.strip().splitlines()[-1:]), f"status {ran.returncode}")
        raise UnavailableError(f"{Path(command[0]).name} cannot install it: {last}")
