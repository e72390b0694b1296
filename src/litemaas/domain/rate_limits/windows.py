"""A sliding window of the last 60 seconds.

Counts are kept in slices of a tenth of a second, and a slice leaves the window only when its youngest entry is 60 s
old: in no 60 s are there more than the limit, a call waits at most 0.1 s longer than it must, and memory is bounded by
601 slices.
"""

from collections import deque

WINDOW_SECONDS = 60.0
_SLICES_PER_SECOND = 10
_WINDOW_SLICES = int(WINDOW_SECONDS * _SLICES_PER_SECOND)


class SlidingWindow:
    """How much was taken in the last 60 seconds of a monotonic clock."""

    __slots__ = ("_fresh_until", "_latest", "_latest_until", "_slices", "_used")

    def __init__(self) -> None:
        self._slices: deque[list[int]] = deque()  # [slice number, amount], oldest first
        self._used = 0
        self._fresh_until = 0.0  # until then no slice leaves the window
        self._latest: list[int] = [0, 0]
        self._latest_until = 0.0  # until then the latest slice takes what comes

    def used(self, now: float) -> int:
        """The amount taken in the 60 s before `now` (seconds)."""
        if now < self._fresh_until:
            return self._used
        slices = self._slices
        oldest = int(now * _SLICES_PER_SECOND) - _WINDOW_SLICES
        while slices and slices[0][0] < oldest:
            self._used -= slices.popleft()[1]
        if slices:
            self._fresh_until = (slices[0][0] + _WINDOW_SLICES + 1) / _SLICES_PER_SECOND
        return self._used

    def take(self, now: float, amount: int) -> None:
        """Add `amount` at `now`."""
        if now >= self._latest_until:
            self._begin_slice(int(now * _SLICES_PER_SECOND))
        self._latest[1] += amount
        self._used += amount

    def _begin_slice(self, number: int) -> None:
        if not self._slices or self._slices[-1][0] < number:
            self._slices.append([number, 0])
        self._latest = self._slices[-1]
        self._latest_until = (number + 1) / _SLICES_PER_SECOND
        if len(self._slices) == 1:
            self._fresh_until = (number + _WINDOW_SLICES + 1) / _SLICES_PER_SECOND

    def seconds_until(self, now: float, free: int, limit: int) -> float:
        """Seconds until `free` more fit under `limit`, if nothing else is taken; 60 if never."""
        excess = self.used(now) + free - limit
        for number, amount in self._slices:
            if excess <= 0:
                break
            excess -= amount
            if excess <= 0:
                return max(0.0, (number + _WINDOW_SLICES + 1) / _SLICES_PER_SECOND - now)
        return 0.0 if excess <= 0 else WINDOW_SECONDS

    def seconds_to_free(self, now: float) -> float:
        """Seconds until the oldest of what was taken leaves the window; 60 if there is nothing."""
        if not self.used(now):
            return WINDOW_SECONDS
        return max(0.0, (self._slices[0][0] + _WINDOW_SLICES + 1) / _SLICES_PER_SECOND - now)
