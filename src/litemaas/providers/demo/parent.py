"""Ties the server's life to its parent's.

A parent that starts us gives us a pipe as standard input and keeps its end open; the kernel closes that end however the
parent dies, and we see the end of the file. Linux's PR_SET_PDEATHSIG would need nothing of the parent, but it fires
when the parent's *thread* ends, and only on Linux. A terminal, a file or /dev/null as standard input means that there
is nobody to follow.
"""

import asyncio
import os
import stat
import sys
from collections.abc import Callable


class _EndOfFile(asyncio.Protocol):
    def __init__(self, parent_died: Callable[[], None]) -> None:
        self._parent_died = parent_died

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._parent_died()


async def watch_parent(parent_died: Callable[[], None]) -> None:
    """Call `parent_died` once standard input ends, if it is a pipe or a socket; return at once."""
    mode = os.fstat(sys.stdin.fileno()).st_mode if sys.stdin else 0  # None if it was closed before we began
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        await asyncio.get_running_loop().connect_read_pipe(lambda: _EndOfFile(parent_died), sys.stdin)
