"""Starting and ending the programs of a run, so that none is left behind and none waits for ever."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

import httpx

START_LIMIT = 120.0
STOP_LIMIT = 30.0
POLL = 0.005


class StartError(Exception):
    """A program did not become ready; the message ends with the last lines it wrote to its error output."""


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop_on_sigterm() -> None:
    """Let SIGTERM end this process like Ctrl-C does, by an exception, so that what it started is stopped."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        sys.exit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)


class Program:
    """A child process with its error output in a file.

    Standard output is dropped: a gateway may print keys there.
    """

    def __init__(self, command: Sequence[str | Path], log: Path, *, cpu: int, environment: Mapping[str, str]) -> None:
        self._log = log
        with log.open("ab") as errors:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env={**os.environ, **environment},
                start_new_session=True,  # Ctrl-C reaches the benchmark alone, which then stops what it started
            )
        os.sched_setaffinity(self._child.pid, {cpu})
        self.pid = self._child.pid

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Return as soon as the program is ready.

        Raises:
            StartError: it ended, or was not ready within START_LIMIT seconds.
        """
        deadline = time.monotonic() + START_LIMIT
        while not ready():
            if self._child.poll() is not None:
                raise StartError(
                    f"ended with status {self._child.returncode} before it was ready\n{self._last_words()}"
                )
            if time.monotonic() > deadline:
                raise StartError(f"not ready within {START_LIMIT:.0f} s\n{self._last_words()}")
            time.sleep(POLL)

    def stop(self) -> None:
        """Ask the program to end, and end it with its whole session if it does not."""
        self._child.terminate()
        try:
            self._child.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()

    def _last_words(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])


def answers(url: str) -> bool:
    """Tell whether a GET of this address is answered with success."""
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False
