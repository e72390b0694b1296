"""How a command fails: one sentence on standard error that says what to do, and an exit code.

    CommandError          exit code 1: what was asked for failed
    ├── ApiError          LiteMaaS answered with an error
    └── SetupError        exit code 3: LiteMaaS, its database or its settings cannot be reached or used

Wrong command lines are click's `UsageError`, exit code 2.
"""

from typing import IO, Any

import click


class CommandError(click.ClickException):
    """What was asked for failed."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence."""
        click.secho(self.message, file=file, err=True, fg="red")


class ApiError(CommandError):
    """LiteMaaS answered with an error.

    Attributes:
        status: HTTP status of the answer.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class SetupError(CommandError):
    """LiteMaaS, its database or its settings cannot be reached or used."""

    exit_code = 3
