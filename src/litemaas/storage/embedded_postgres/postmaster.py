"""Knows a running server by the file that it keeps in its cluster, and ends it.

The process id in `postmaster.pid` proves nothing: after a power cut it may be anybody's. A process is taken for the
postmaster of a cluster only if it works in that folder (Linux) or was started for it (elsewhere, by `ps`).
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

_PID_FILE = "postmaster.pid"
_PID_LINE, _STATUS_LINE = 0, 7  # miscadmin.h: LOCK_FILE_LINE_PID, LOCK_FILE_LINE_PM_STATUS, counted from 1
_POLL_SECONDS = 0.02
_SHUTDOWN_STEPS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
"""Fast shutdown, immediate shutdown (the next start recovers from it), the end; each with the seconds to wait."""


def process_id(cluster: Path) -> int | None:
    """Return the process id that the cluster's server wrote down, alive or not."""
    try:
        return int(_lines(cluster)[_PID_LINE])
    except (IndexError, ValueError):
        return None


def is_ready(cluster: Path, pid: int) -> bool:
    """Whether the server with this process id takes connections."""
    lines = _lines(cluster)
    return len(lines) > _STATUS_LINE and lines[_PID_LINE] == str(pid) and lines[_STATUS_LINE].strip() == "ready"


def end_earlier_server(cluster: Path) -> None:
    """End a server that another supervisor left behind, or let it finish, and forget one that is gone.

    Only for the holder of the folder's lock.
    """
    pid = process_id(cluster)
    if pid is None:
        return
    if _serves(pid, cluster):
        shut_down(pid, lambda seconds: _until(lambda: not _serves(pid, cluster), seconds))
    elif _exists(pid):
        # PostgreSQL takes any living process of its user for its predecessor and would not start.
        (cluster / _PID_FILE).unlink(missing_ok=True)


def shut_down(pid: int, wait: Callable[[float], bool]) -> None:
    """Shut a postmaster down, fast if it can, by force if it must.

    Args:
        pid: Its process id.
        wait: Waits up to that many seconds for its end and says whether it came.
    """
    for signal_number, seconds in _SHUTDOWN_STEPS:
        try:
            os.kill(pid, signal_number)
        except ProcessLookupError:
            return
        if wait(seconds):
            return


def _lines(cluster: Path) -> list[str]:
    try:
        return (cluster / _PID_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _serves(pid: int, cluster: Path) -> bool:
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cwd").samefile(cluster) and Path(f"/proc/{pid}/comm").read_text() == "postgres\n"
        except OSError:  # gone, a zombie, or another user's
            return False
    listing = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return f"postgres -D {cluster} " in listing


def _until(is_so: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
