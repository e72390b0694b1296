"""How the outside stops the supervisor, and how a child's end wakes it.

The first SIGTERM, SIGINT or SIGHUP raises `StopRequested` in the main thread, wherever it waits; the work in progress
unwinds like any other exception. Once things are being stopped, a further SIGINT only hurries: an exception there would
leave half of them running.
"""

import os
import select
import signal
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Self

_STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StopRequested(BaseException):
    """Somebody asked the supervisor to stop; no error, like KeyboardInterrupt."""


class Signals:
    """Takes the process's signals while it is entered; main thread only."""

    def __init__(self) -> None:
        self._wake_reader, self._wake_writer = os.pipe()
        self._is_stopping = False
        self._hurry: Callable[[], None] | None = None

    def __enter__(self) -> Self:
        """Install the handlers."""
        for descriptor in (self._wake_reader, self._wake_writer):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(self._wake_writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _only_wake)
        for number in _STOPPING:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup(1)
                signal.signal(number, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        """Give the signals back; those that stop a process are ignored, since this one is ending."""
        for number in _STOPPING:
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        os.close(self._wake_reader)
        os.close(self._wake_writer)

    def wait(self, descriptors: Sequence[int], seconds: float | None) -> None:
        """Return when a descriptor is readable, a signal came (a child ended), or the time is over.

        Raises:
            StopRequested: Somebody asked to stop.
        """
        readable, _, _ = select.select([self._wake_reader, *descriptors], [], [], seconds)
        if self._wake_reader in readable:
            os.read(self._wake_reader, 4096)

    def hold(self) -> None:
        """From now on nothing is interrupted any more: things are being stopped."""
        self._is_stopping = True

    def on_hurry(self, hurry: Callable[[], None] | None) -> None:
        """Call `hurry` when somebody asks again although we are stopping."""
        self._hurry = hurry

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        if not self._is_stopping:
            self._is_stopping = True
            raise StopRequested
        if self._hurry is not None:
            self._hurry()


def _only_wake(_number: int, _frame: FrameType | None) -> None:
    """A handler must exist for the wake-up descriptor to be written to."""
