"""The programs that are not Python: two small C helpers that are built here, and tools that a distribution provides."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks.caching import cache_folder, fingerprint

SOURCES = Path(__file__).parent
COMPILE = ("gcc", "-O2", "-std=gnu11", "-Wall", "-Wextra")
PACKAGES = "gcc nginx-light wrk"


class MissingToolError(Exception):
    """A program that the run needs is not installed; the message says how to install it."""


def require(tool: str) -> str:
    """Return the path of an installed program.

    Raises:
        MissingToolError: it is not installed.
    """
    found = shutil.which(tool, path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"]))
    if found is None:
        raise MissingToolError(f"{tool} is not installed; on Debian: apt-get install {PACKAGES}")
    return found


def build(name: str) -> Path:
    """Compile `name`.c, unless this very source was compiled before, and return the program's path.

    Raises:
        MissingToolError: there is no C compiler.
    """
    source = SOURCES / f"{name}.c"
    cache = cache_folder()
    program = cache / f"{name}-{fingerprint(source.read_bytes(), ' '.join(COMPILE).encode())}"
    if not program.exists():
        compiler = require(COMPILE[0])
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            fresh = Path(folder) / name
            subprocess.run([compiler, *COMPILE[1:], "-o", fresh, source], check=True)
            fresh.replace(program)
    return program
