"""What is built or installed for a run is kept for the next one, outside the repository."""

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

_COMPLETE = ".complete"


def cache_folder() -> Path:
    """Return the folder for everything that is kept, made if need be."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "litemaas-benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def fingerprint(*sources: bytes) -> str:
    """Return a short name for these bytes: other bytes have another one."""
    return hashlib.sha256(b"\0".join(sources)).hexdigest()[:16]


def kept(name: str, sources: Sequence[Path], make: Callable[[Path], None]) -> Path:
    """Return the folder that `make` filled from exactly these sources, now or in an earlier run.

    It is filled where it stays (an environment of Python cannot be moved) and filled again if that was cut short.
    """
    folder = cache_folder() / f"{name}-{fingerprint(*(source.read_bytes() for source in sources))}"
    if not (folder / _COMPLETE).exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        make(folder)
        (folder / _COMPLETE).touch()
    return folder
