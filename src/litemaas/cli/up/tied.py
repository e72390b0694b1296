"""Becomes another program that is killed when its parent ends, however the parent ends.

Run as a script, `python -I -S tied.py PARENT PROGRAM ARGUMENT…`, so that it needs no package and leaves nothing in
memory. SIGKILL is safe for what the supervisor runs: a server's journal survives it, a migration is one transaction.
Outside Linux there is no such request; there a killed supervisor leaves its children to be ended by hand.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(parent: str, *command: str) -> None:
    """Tie this process to `parent`, its parent's process id, and become `command`.

    Raises:
        SystemExit: The parent ended before it could be tied to it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
        if os.getppid() != int(parent):
            sys.exit("the supervisor is gone")
    os.execv(command[0], command)  # noqa: S606 - replacing this process is the point


if __name__ == "__main__":
    main(*sys.argv[1:])
