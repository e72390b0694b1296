"""What can go wrong by the rules. Edges map these to their own wire format, once.

    LiteMaaSError
    ├── InvalidInputError          a value cannot be right; `param` names it
    ├── NotFoundError              no such thing
    ├── AlreadyExistsError         the name is taken
    ├── UnavailableError           we cannot decide now (database, journal); try again later
    └── RefusedError               the caller may not have this, as asked
        ├── AuthenticationError    who are you?
        ├── AccessDeniedError      known, but not granted
        ├── BudgetExceededError    no money left; a retry does not help
        └── RateLimitedError       too much at once; a retry helps after `retry_after` seconds

The rooms' own `errors.py` derive from these.
"""


class LiteMaaSError(Exception):
    """Base of all errors that carry a sentence for the caller."""

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param


class InvalidInputError(LiteMaaSError):
    """A value cannot be right."""


class NotFoundError(LiteMaaSError):
    """No such thing."""


class AlreadyExistsError(LiteMaaSError):
    """The name is taken."""


class UnavailableError(LiteMaaSError):
    """We cannot decide at the moment; the same call may succeed later."""


class RefusedError(LiteMaaSError):
    """The caller may not have this, as asked."""


class AuthenticationError(RefusedError):
    """The caller is not known, or no longer."""


class AccessDeniedError(RefusedError):
    """The caller is known but was not granted this."""


class BudgetExceededError(RefusedError):
    """The money does not suffice; trying again does not help."""


class RateLimitedError(RefusedError):
    """Too much at once; trying again after `retry_after` seconds helps."""

    def __init__(self, message: str, *, retry_after: float, param: str | None = None) -> None:
        super().__init__(message, param=param)
        self.retry_after = retry_after
