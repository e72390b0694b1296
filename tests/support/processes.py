"""Waiting for processes that are not our children."""

import os
import select


def wait_for_end(pid: int, seconds: float = 30) -> None:
    """Return when the process has ended; fail the test if it does not in time."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        ready, _, _ = select.select([descriptor], [], [], seconds)
    finally:
        os.close(descriptor)
    assert ready, f"process {pid} still runs after {seconds} s"
