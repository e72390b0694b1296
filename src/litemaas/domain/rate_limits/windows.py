"""A sliding window of the last 60 seconds.

Counts are kept in slices of a tenth of a second, and a slice leaves the window only when its youngest entry is 60 s
old: in no 60 s are there more than the limit, a call waits at most 0.1 s longer than it must, and memory is bounded by
601 slices.
"""

from collections import deque
from typing import Literal

WINDOW_SECONDS = 60.0
_SLICES_PER_SECOND = 10
_WINDOW_SLICES = int(WINDOW_SECONDS * _SLICES_PER_SECOND)


class _Slice:
    """What was counted in a tenth of a second."""

    __slots__ = ("number", "requests", "tokens")

    def __init__(self, number: int) -> None:
        self.number = number
        self.requests = self.tokens = 0

    def leaves_at(self) -> float:
        """When its youngest entry is as old as the window is long, in seconds."""
        return (self.number + _WINDOW_SLICES + 1) / _SLICES_PER_SECOND


class SlidingWindow:
    """The requests and tokens of the last 60 seconds of a monotonic clock.

    Attributes:
        requests: How many there were, as of the last `advance`.
        tokens: The same of tokens.
        changes_at: Until then nothing leaves: a caller in a hurry may leave `advance` out.
    """

    __slots__ = ("_latest", "_latest_until", "_slices", "changes_at", "requests", "tokens")

    def __init__(self) -> None:
        self.requests = self.tokens = 0
        self.changes_at = 0.0
        self._slices: deque[_Slice] = deque()  # oldest first
        self._latest = _Slice(0)
        self._latest_until = 0.0  # until then the latest slice takes what comes

    def advance(self, now: float) -> None:
        """Let go of what is 60 s old at `now` (seconds)."""
        if now < self.changes_at:
            return
        slices = self._slices
        oldest = int(now * _SLICES_PER_SECOND) - _WINDOW_SLICES
        while slices and slices[0].number < oldest:
            gone = slices.popleft()
            self.requests -= gone.requests
            self.tokens -= gone.tokens
        if slices:
            self.changes_at = slices[0].leaves_at()

    def count(self, now: float, requests: int, tokens: int) -> None:
        """Add what came at `now`."""
        if now >= self._latest_until:
            self._begin_slice(int(now * _SLICES_PER_SECOND))
        latest = self._latest
        latest.requests += requests
        latest.tokens += tokens
        self.requests += requests
        self.tokens += tokens

    def _begin_slice(self, number: int) -> None:
        if not self._slices or self._slices[-1].number < number:
            self._slices.append(_Slice(number))
        self._latest = self._slices[-1]
        self._latest_until = (number + 1) / _SLICES_PER_SECOND
        if len(self._slices) == 1:
            self.changes_at = self._latest.leaves_at()

    def seconds_until(self, now: float, kind: Literal["requests", "tokens"], free: int, limit: int) -> float:
        """Seconds until `free` more of a kind fit under `limit`, if nothing else is counted; 60 if never."""
        self.advance(now)
        excess: int = getattr(self, kind) + free - limit
        for one in self._slices:
            if excess <= 0:
                break
            excess -= getattr(one, kind)
            if excess <= 0:
                return max(0.0, one.leaves_at() - now)
        return 0.0 if excess <= 0 else WINDOW_SECONDS

    def seconds_to_free(self, now: float) -> float:
        """Seconds until the oldest of what was counted leaves the window; 60 if there is nothing."""
        self.advance(now)
        return max(0.0, self._slices[0].leaves_at() - now) if self._slices else WINDOW_SECONDS
