"""Lets calls wait for a deployment that serves as many as it may, fairly: tenants take turns.

A tenant is a team, else a user, else a key. One that sends two hundred calls at once waits behind its own calls, not
before everybody else's.
"""

import asyncio
from collections import OrderedDict, deque


class FairQueue:
    """Calls that wait for one model group."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    def __len__(self) -> int:
        return sum(len(line) for line in self._lines.values())

    def join(self, tenant: str, *, first: bool = False) -> "asyncio.Future[None]":
        """Stand in the tenant's line; the future is done when it is this call's turn.

        `first` puts it before all others: its turn had come, but there was no place after all.
        """
        turn = asyncio.get_running_loop().create_future()
        line = self._lines.setdefault(tenant, deque())
        if first:
            line.appendleft(turn)
            self._lines.move_to_end(tenant, last=False)
        else:
            line.append(turn)
        return turn

    def is_next(self, turn: "asyncio.Future[None]") -> bool:
        """Tell whether nobody stands before this call."""
        return bool(self._lines) and next(iter(self._lines.values()))[0] is turn

    def leave(self, tenant: str, turn: "asyncio.Future[None]") -> None:
        """Wait no more."""
        line = self._lines.get(tenant)
        if line is not None and turn in line:
            line.remove(turn)
            if not line:
                del self._lines[tenant]

    def call_next(self) -> None:
        """A place has come free: the first call of the next tenant may look."""
        while self._lines:
            tenant, line = self._lines.popitem(last=False)
            turn = line.popleft()
            if line:
                self._lines[tenant] = line  # to the end: the others come first
            if not turn.done():
                turn.set_result(None)
                return
