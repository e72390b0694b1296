"""One supervisor per data folder."""

import fcntl
import os
import time
from pathlib import Path

from litemaas.storage.embedded_postgres.errors import EmbeddedPostgresError

_DYING_SECONDS = 1.0  # a killed process holds its locks until the kernel has cleared it away
_POLL_SECONDS = 0.02


class FolderLock:
    """Held until it is released or its process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock, or keep it.

        Raises:
            EmbeddedPostgresError: Another supervisor holds it, and is not just about to end.
        """
        if self._descriptor is not None:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + _DYING_SECONDS
        while not _lock(descriptor):
            if time.monotonic() > deadline:
                holder = os.read(descriptor, 20).decode(errors="replace").strip()
                os.close(descriptor)
                raise EmbeddedPostgresError(
                    f"Another LiteMaaS (process {holder or 'unknown'}) uses {self._path.parent}: "
                    "stop it, or name another folder with --data-dir."
                )
            time.sleep(_POLL_SECONDS)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; nothing happens if it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
