"""Turns this process into a PostgreSQL program with the right identity, tied to the life of its parent.

Run as a script, `python -I -S become.py PARENT MODE UID GID PROGRAM ARGUMENT…`, so that it needs no package and leaves
nothing in memory. A function called between fork and exec could do the same, but not safely in a process with threads.
"""

import ctypes
import os
import signal
import sys

CLONE_NEWUSER = 0x10000000  # linux/sched.h
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def enter_namespace(uid: int, gid: int) -> None:
    """Enter a user namespace in which this process is `uid` and `gid`; outside it stays who it was.

    Raises:
        OSError: The kernel or the container forbids user namespaces.
    """
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    # user_namespaces(7): without privilege in the parent namespace, give up setgroups before mapping a group.
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {outer_uid} 1"),
        ("gid_map", f"{gid} {outer_gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123 - pathlib would double the start time
            file.write(line)


def die_with_parent(parent: int) -> None:
    """Ask the kernel for SIGINT when the parent dies; where it cannot (not Linux), the next start ends the server.

    Raises:
        SystemExit: The parent died before this could be asked.
    """
    if sys.platform != "linux":
        return
    # A change of identity clears the request (prctl(2)), so this comes after it.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGINT))
    if os.getppid() != parent:
        sys.exit("the supervisor is gone")


def main(parent: str, mode: str, uid: str, gid: str, *command: str) -> None:
    """Take the identity and become `command`; `mode` is one of `identity.Mode`."""
    if mode == "namespace":
        enter_namespace(int(uid), int(gid))
    elif mode == "user":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    die_with_parent(int(parent))
    os.execv(command[0], command)  # noqa: S606 - replacing this process is the point


if __name__ == "__main__":
    main(*sys.argv[1:])
