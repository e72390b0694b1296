"""Why nothing was moved. Each of these leaves the database as it was."""

from collections.abc import Iterable

from litemaas.domain.errors import InvalidInputError
from litemaas.domain.moving.entities import Protection, Report


class UnreadableSourceError(InvalidInputError):
    """The source is not what it was said to be, or is damaged."""


class WrongSecretError(InvalidInputError):
    """A passphrase or salt key does not open what was sealed with it."""


class MissingVariableError(InvalidInputError):
    """The source names an environment variable that is not set where we read it."""


class ProtectionLostError(InvalidInputError):
    """The source protects something that we cannot, and nobody accepted that.

    Attributes:
        report: What would have been done.
    """

    def __init__(self, protections: Iterable[Protection], report: Report) -> None:
        self.report = report
        names = " ".join(f"--accept {name}" for name in sorted(protections))
        super().__init__(
            f"Some of what the source protects would be lost. Read the report; if you can do without, add {names}."
        )
