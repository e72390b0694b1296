"""Why money refuses a call, and a budget a change."""

from decimal import Decimal

from litemaas.domain.errors import (
    AlreadyExistsError,
    BudgetExceededError,
    InvalidInputError,
    NotFoundError,
    UnavailableError,
)


class InsufficientBudgetError(BudgetExceededError):
    """The most that the call could cost is more than what is left.

    Attributes:
        remaining: Dollars left; None: it would fit, but calls in flight hold the money.
    """

    def __init__(self, message: str, remaining: Decimal | None = None) -> None:
        super().__init__(message)
        self.remaining = remaining


class BudgetUnavailableError(UnavailableError):
    """The local lease is used up and the database, which holds the rest, does not answer."""


class UnknownBudgetError(NotFoundError):
    """There is no budget of this id."""


class BudgetExistsError(AlreadyExistsError):
    """The budget's id is taken."""


class BudgetInUseError(InvalidInputError):
    """The budget limits somebody, who would have no limit without it."""
