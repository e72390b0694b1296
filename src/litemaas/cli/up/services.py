"""Keeps a child running: starts it, notices its end, starts it again after a pause that grows."""

import signal
from collections.abc import Callable
from typing import Any, Protocol

from litemaas.cli.errors import CommandError
from litemaas.cli.up.children import Child

_FAILED_STARTS = 3
_START_SECONDS = 120.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_STEADY_SECONDS = 60.0


class Tended(Protocol):
    """Something that the supervisor looks after."""

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What becomes readable when it wants to be looked at."""

    def tend(self, now: float) -> float | None:
        """Do what is due at `now`, and return when to look again if nothing happens, None for never."""


class Service:
    """One child that is kept running.

    Attributes:
        announced: What the child said when it became ready, the last time it did.
        is_ready: Whether the running child has said so.
        has_given_up: Whether it could not be started and is done without.
    """

    def __init__(
        self, name: str, start: Callable[[], Child], say: Callable[[str], None], *, is_required: bool = True
    ) -> None:
        """Describe the service; `tend` starts it.

        Args:
            name: Begins the sentences about it, such as `The server`.
            start: Starts the child; called from the main thread.
            say: Is told when the child ended and when it is back.
            is_required: Whether there is nothing to do without it.
        """
        self.announced: dict[str, Any] | None = None
        self.is_ready = False
        self.has_given_up = False
        self._name = name
        self._start = start
        self._say = say
        self._is_required = is_required
        self._child: Child | None = None
        self._failed_starts = 0
        self._pause = _FIRST_PAUSE
        self._due = 0.0
        self._began = 0.0

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What becomes readable when it wants to be looked at."""
        return () if self._child is None else self._child.descriptors

    def tend(self, now: float) -> float | None:
        """Start the child if that is due, take note of its announcement or its end.

        Raises:
            CommandError: A required service cannot be started; the message is its last words.
        """
        if self.has_given_up:
            return None
        if self._child is None:
            if now < self._due:
                return self._due
            self._child, self._began = self._start(), now
        code = self._child.exit_code  # before the announcement: what it said before it ended is then all there
        if not self.is_ready:
            self._listen(self._child)
        if code is not None:
            self.close()
            self.is_ready = False
            return self._ended(code, now)
        if self.is_ready:
            return None
        if now >= self._began + _START_SECONDS:
            self._say(f"{self._name} did not get ready within {_START_SECONDS:.0f} s.")
            self._child.kill()
            return None
        return self._began + _START_SECONDS

    def terminate(self) -> None:
        """Ask the child to end, if it runs."""
        if self._child is not None:
            self._child.terminate()

    def kill(self) -> None:
        """End the child, if it runs."""
        if self._child is not None:
            self._child.kill()

    def ended_within(self, seconds: float) -> bool:
        """Wait for the child's end without starting it again, and say whether it came."""
        return self._child is None or self._child.ended_within(seconds)

    def close(self) -> None:
        """Free what belongs to the child, which has ended, without starting it again."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def _listen(self, child: Child) -> None:
        said = child.announcement()
        if said is None:
            return
        if "error" not in said:
            if self.announced is not None:
                self._say(f"{self._name} is back.")
            self.announced, self.is_ready, self._failed_starts = said, True, 0
        elif self.announced is None:
            raise CommandError(str(said["error"]))
        else:
            self._say(str(said["error"]))

    def _ended(self, code: int, now: float) -> float | None:
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        self._failed_starts += 1
        if self.announced is None:
            if not self._is_required:
                self._say(f"{self._name} {how}; going on without it.")
                self.has_given_up = True
                return None
            if self._failed_starts >= _FAILED_STARTS:
                raise CommandError(
                    f"{self._name} {how} {_FAILED_STARTS} times before it could work: its own messages stand above."
                )
        if now - self._began >= _STEADY_SECONDS:
            self._pause = _FIRST_PAUSE
        self._say(f"{self._name} {how}; starting it again in {self._pause:g} s.")
        self._due = now + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        return self._due
