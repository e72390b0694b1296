"""The database of `up`: PostgreSQL of our own, or the one that the user names."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from litemaas.cli.errors import SetupError
from litemaas.storage.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0


class EmbeddedDatabase:
    """PostgreSQL of our own, brought back when it crashes."""

    descriptors: tuple[int, ...] = ()  # its end wakes the supervisor by a signal

    def __init__(self, data_dir: Path, *, say: Callable[[str], None], moved: Callable[[], None]) -> None:
        """Describe it.

        Args:
            data_dir: The data folder.
            say: Is told when it is gone and back.
            moved: Is called when it came back under another URL.
        """
        self.url = ""
        self._postgres = EmbeddedPostgres(data_dir)
        self._say = say
        self._moved = moved
        self._due = 0.0
        self._pause = _FIRST_PAUSE

    def start(self) -> None:
        """Start it.

        Raises:
            SetupError: It cannot run here.
        """
        try:
            self.url = self._postgres.start()
        except EmbeddedPostgresError as error:
            raise SetupError(str(error)) from error

    def tend(self, now: float) -> float | None:
        """Start it again if it is gone. The servers do without it meanwhile, so this never gives up."""
        if self._postgres.alive:
            return None
        if now < self._due:
            return self._due
        self._say("PostgreSQL is gone; starting it again.")
        before = self.url
        try:
            self.start()
        except SetupError as error:
            self._say(f"{error.message} The next attempt is in {self._pause:g} s.")
            self._due = now + self._pause
            self._pause = min(self._pause * 2, _LONGEST_PAUSE)
            return self._due
        self._pause = _FIRST_PAUSE
        self._say("PostgreSQL is back.")
        if self.url != before:
            self._moved()
        return None

    def stop(self) -> None:
        """Shut it down and wait for its end."""
        self._postgres.stop()


def migrate_in_child(environment: Mapping[str, str]) -> list[str]:
    """Bring the schema up to date in a process of its own, which takes the memory for it back with it.

    Args:
        environment: All variables of that process, with DATABASE_URL.

    Returns:
        The revisions that were applied.

    Raises:
        click.exceptions.Exit: It failed and has said why.
    """
    command = [sys.executable, "-P", "-m", "litemaas.cli", "migrate", "--json"]
    finished = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment, check=False, start_new_session=True
    )
    if finished.returncode != 0:
        raise click.exceptions.Exit(SetupError.exit_code)
    applied: list[str] = json.loads(finished.stdout)["applied"]
    return applied
