"""The data folder: who may use it, and the small files that `up` keeps in it.

lock              held by the one supervisor of the folder
secrets.json      what must stay the same over starts, mode 0600
connection.json   where and with what to call the running LiteMaaS, mode 0600; only there while it can serve
demo-terms-shown  the demo model's terms have been shown
postgres/         the embedded database
journal/          the servers' journals
"""

import fcntl
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from litemaas.cli.errors import SetupError
from litemaas.cli.target import CONNECTION_FILE

_PASS_THROUGH = stat.S_IRWXU | stat.S_IXGRP | stat.S_IXOTH


class DataFolder:
    """One data folder, locked."""

    def __init__(self, path: Path) -> None:
        """Create the folder if needed and lock it.

        Raises:
            SetupError: It cannot be used, or another supervisor uses it.
        """
        self.path = path.absolute()
        try:
            self._prepare()
            self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise SetupError(
                f"{self.path} cannot be used as data folder ({error.strerror}): name another one with --data-dir."
            ) from error
        self._take_lock()
        self.remove_connection()  # one that a killed supervisor left

    def close(self) -> None:
        """Give the lock back."""
        os.close(self._lock)

    def read(self, name: str) -> dict[str, str]:
        """Return the JSON object in file `name`, empty if there is none.

        Raises:
            SetupError: It cannot be read.
        """
        path = self.path / name
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise SetupError(f"{path} cannot be read: restore it, or name another folder with --data-dir.") from error
        if not isinstance(content, dict):
            raise SetupError(f"{path} holds something else than it should: restore it from a backup.")
        return content

    def write(self, name: str, content: Mapping[str, str]) -> None:
        """Write a JSON object to file `name`, mode 0600; a reader sees the old file or the new one, never half of one.

        Raises:
            SetupError: It cannot be written.
        """
        path = self.path / name
        half = path.with_name(f".{name}.new")
        try:
            descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(content, file, indent=2)
                file.write("\n")
                file.flush()
                os.fsync(descriptor)
            half.replace(path)
        except OSError as error:
            raise SetupError(
                f"{path} cannot be written ({error.strerror}): look at the disk and its rights."
            ) from error

    def write_connection(self, connection: Mapping[str, str]) -> None:
        """Tell others where LiteMaaS is; raises as `write` does."""
        self.write(CONNECTION_FILE, connection)

    def remove_connection(self) -> None:
        """Take back what `write_connection` told."""
        (self.path / CONNECTION_FILE).unlink(missing_ok=True)

    def is_first_time(self, marker: str) -> bool:
        """Whether this is the first call with `marker` for this folder."""
        try:
            (self.path / marker).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def _prepare(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = stat.S_IMODE(self.path.stat().st_mode)
        # Nobody else may list or change a folder that was there before; passing through it opens nothing, and a
        # PostgreSQL that root runs as another user needs it.
        if mode & ~_PASS_THROUGH:
            self.path.chmod(mode & _PASS_THROUGH)

    def _take_lock(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._lock, 20, 0).decode(errors="replace").strip() or "unknown"
            os.close(self._lock)
            raise SetupError(
                f"Another `litemaas up` (process {holder}) uses {self.path}: stop it, "
                "or name another folder with --data-dir."
            ) from None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)
