"""A process of ours, which says on a pipe when it can work.

Each of them ends with us, however we end: a server by the parent's process id that it is given, the demo by its
standard input. Both know how from the moment they run, and notice a parent that died before.
"""

import json
import os
import select
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

_LONGEST_ANNOUNCEMENT = 64 * 1024


class Child:
    """A running process. It has a session of its own: Ctrl-C is the supervisor's to answer."""

    def __init__(self, process: subprocess.Popen[bytes], announcements: int) -> None:
        """Take over a process that announces itself on the descriptor `announcements`."""
        self._process = process
        self._announcements = announcements
        self._text = b""
        self._is_silent = False

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What becomes readable when the child announces something or ends; nothing once it can say no more."""
        return () if self._is_silent else (self._announcements,)

    @property
    def process_id(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; the negative number of the signal that ended it."""
        return self._process.poll()

    def announcement(self) -> dict[str, Any] | None:
        """Return what it announced, or None if it has not said it yet; does not wait."""
        while not self._is_silent and select.select([self._announcements], [], [], 0)[0]:
            received = os.read(self._announcements, _LONGEST_ANNOUNCEMENT)
            self._text += received
            self._is_silent = not received or b"\n" in received or len(self._text) > _LONGEST_ANNOUNCEMENT
        line, newline, _ = self._text.partition(b"\n")
        with suppress(ValueError):
            if newline and isinstance(said := json.loads(line), dict):
                return said
        return None

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def kill(self) -> None:
        """End it."""
        self._process.kill()

    def ended_within(self, seconds: float) -> bool:
        """Wait for its end, and say whether it came."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self) -> None:
        """Free what belongs to it; it must have ended."""
        os.close(self._announcements)
        if self._process.stdin is not None:
            self._process.stdin.close()


def start_child(command: Sequence[str], environment: Mapping[str, str], *, descriptors: Sequence[int] = ()) -> Child:
    """Start a child that announces itself on a descriptor given to it.

    Args:
        command: Its command line, to which `--ready-fd` and the number of that descriptor are added.
        environment: All of its variables.
        descriptors: What else it inherits, under the same numbers.
    """
    reader, writer = os.pipe()
    try:
        process = subprocess.Popen(
            [*command, "--ready-fd", str(writer)],
            stdin=subprocess.DEVNULL,
            pass_fds=(writer, *descriptors),
            env=environment,
            start_new_session=True,
        )
    except BaseException:
        os.close(reader)
        raise
    finally:
        os.close(writer)
    return Child(process, reader)


def start_announcing_on_output(command: Sequence[str]) -> Child:
    """Start a child that announces itself on its standard output and ends when its standard input does."""
    reader, writer = os.pipe()
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=writer, start_new_session=True)
    except BaseException:
        os.close(reader)
        raise
    finally:
        os.close(writer)
    return Child(process, reader)
