"""The lines that `up` prints while it starts and stops: what it is doing, then a tick and how long that took."""

import contextlib
import sys
import time
from collections.abc import Iterator

import click


class Step:
    """The step in progress; `detail` is shown behind its name when it is done."""

    detail = ""


class Steps:
    """Writes to standard error. A terminal that has gone away ends nothing."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()

    def say(self, message: str) -> None:
        """Print one line."""
        with contextlib.suppress(OSError):
            click.echo(message, err=True)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Show that `name` is in progress while the block runs, and a tick if it succeeded."""
        step = Step()
        began = time.monotonic()
        if self._is_terminal:
            # The cursor goes back, so that whatever else is written meanwhile replaces this line.
            self._write(click.style(f"  … {name}", dim=True) + "\r")
        try:
            yield step
        except BaseException:
            self._write(self._cleared_line())
            raise
        seconds = click.style(f"{time.monotonic() - began:5.1f} s", dim=True)
        detail = f" {click.style(step.detail, dim=True)}" if step.detail else ""
        self._write(f"{self._cleared_line()}  {click.style('✔', fg='green')} {seconds}  {name}{detail}\n")

    def _cleared_line(self) -> str:
        return "\r\033[K" if self._is_terminal else ""

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            click.echo(text, err=True, nl=False)
