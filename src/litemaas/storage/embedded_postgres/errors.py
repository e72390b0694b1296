"""What keeps PostgreSQL from running here, each as one sentence that says what to do about it."""

import errno
import re
from pathlib import Path

_DISK_FULL = "The disk that holds {folder} is full: free some space there, or name another folder with --data-dir."
_NO_ACCESS = (
    "{folder} cannot be used by this user: make it yours, start as the user who owns it, "
    "or name another folder with --data-dir."
)
_OTHER_VERSION = (
    "{folder} was written by another major version of PostgreSQL: use the LiteMaaS that made it to dump its data, "
    "or begin with an empty folder by --data-dir."
)
_OLD_PROCESSES = (
    "Processes of an earlier PostgreSQL still use {folder}: end them, or wait until they are gone, and start again."
)
_LOGIN_REFUSED = (
    "{folder}/password is not the password of this database: remove it and start again, which sets a new one."
)
_NO_MEMORY = (
    "This machine has not enough memory left for PostgreSQL: free some, or name a database with --database-url."
)

STILL_IN_USE = "pre-existing shared memory block"
PORT_TAKEN = "Address already in use"

_CAUSES = {
    "No space left on device": _DISK_FULL,
    "Check free disk space": _DISK_FULL,  # the hint after a write that stopped half-way
    "Disk quota exceeded": _DISK_FULL,
    "not compatible with this version": _OTHER_VERSION,
    STILL_IN_USE: _OLD_PROCESSES,
    "password authentication failed": _LOGIN_REFUSED,
    "Cannot allocate memory": _NO_MEMORY,
    "Permission denied": _NO_ACCESS,
    "has wrong ownership": _NO_ACCESS,
    "has invalid permissions": _NO_ACCESS,
}
_OS_CAUSES = {
    errno.ENOSPC: _DISK_FULL,
    errno.EDQUOT: _DISK_FULL,
    errno.EACCES: _NO_ACCESS,
    errno.EPERM: _NO_ACCESS,
    errno.EROFS: _NO_ACCESS,
    errno.ENOMEM: _NO_MEMORY,
}
_COMPLAINT = re.compile(r"(?:FATAL|PANIC|error|ERROR):\s+(.+)")


class EmbeddedPostgresError(Exception):
    """PostgreSQL cannot run here; the message is one sentence that says what to do."""


def explain(output: str, folder: Path) -> EmbeddedPostgresError:
    """Turn what a PostgreSQL program printed into the sentence for the user.

    Args:
        output: Its standard error, or the new part of its log, in English (`LC_ALL=C`).
        folder: `<data-dir>/postgres`.
    """
    for symptom, sentence in _CAUSES.items():
        if symptom in output:
            return EmbeddedPostgresError(sentence.format(folder=folder))
    complaints = _COMPLAINT.findall(output) or output.strip().splitlines()[-1:] or ["it ended without a word"]
    return EmbeddedPostgresError(
        f"PostgreSQL did not start ({complaints[0].strip()}): "
        f"see {folder / 'log'}, or name a database with --database-url."
    )


def explain_os_error(error: OSError, folder: Path) -> EmbeddedPostgresError:
    """Turn a refusal of the operating system into the sentence for the user."""
    if error.errno in _OS_CAUSES:
        return EmbeddedPostgresError(_OS_CAUSES[error.errno].format(folder=folder))
    return EmbeddedPostgresError(f"{folder} cannot be used ({error}): name another folder with --data-dir.")
