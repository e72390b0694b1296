"""Lets calls wait for a deployment that serves as many as it may, fairly: tenants take turns.

A tenant is a team, else a user, else a key. One that sends two hundred calls at once waits behind its own calls, not
before everybody else's. What has come free is handed over at once, by whoever freed it: nobody who comes in the moment
until the call in line wakes up can overtake it.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

_T = TypeVar("_T")


class _Waiting(NamedTuple, Generic[_T]):
    """One call in line."""

    turn: "asyncio.Future[_T]"
    look: Callable[[], _T | None]
    choosy: bool


class FairQueue(Generic[_T]):
    """Calls that wait for one model group."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, deque[_Waiting[_T]]] = OrderedDict()

    def __len__(self) -> int:
        return sum(len(line) for line in self._lines.values())

    def size(self) -> tuple[int, int]:
        """Calls that wait, and the tenants whose they are; from any thread."""
        lines = tuple(self._lines.values())
        return sum(map(len, lines)), len(lines)

    def join(self, tenant: str, look: Callable[[], _T | None], *, choosy: bool) -> "asyncio.Future[_T]":
        """Stand in the tenant's line.

        Args:
            tenant: Whose line.
            look: Takes what is free for this call; None: there is nothing.
            choosy: It cannot use everything, so that those behind it may have what it cannot use.

        Returns:
            Done, with what `look` took, when it is this call's turn and something is free.
        """
        turn = asyncio.get_running_loop().create_future()
        self._lines.setdefault(tenant, deque()).append(_Waiting(turn, look, choosy))
        return turn

    def leave(self, tenant: str, turn: "asyncio.Future[_T]") -> None:
        """Wait no more."""
        for waiting in self._lines.get(tenant, ()):
            if waiting.turn is turn:
                self._remove(tenant, waiting)
                return

    def serve(self) -> None:
        """Hand over what is free, until the next in turn finds nothing."""
        while self._serve_one():
            pass

    def _serve_one(self) -> bool:
        for tenant, line in self._lines.items():
            for waiting in line:
                found = waiting.look()
                if found is not None:
                    self._remove(tenant, waiting)
                    if tenant in self._lines:
                        self._lines.move_to_end(tenant)  # the others come first
                    waiting.turn.set_result(found)
                    return True
                if not waiting.choosy:
                    return False
        return False

    def _remove(self, tenant: str, waiting: _Waiting[_T]) -> None:
        line = self._lines[tenant]
        line.remove(waiting)
        if not line:
            del self._lines[tenant]
