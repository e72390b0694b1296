"""Why money refuses a call."""

from litemaas.domain.errors import BudgetExceededError, UnavailableError


class InsufficientBudgetError(BudgetExceededError):
    """The most that the call could cost is more than what is left."""


class BudgetUnavailableError(UnavailableError):
    """The local lease is used up and the database, which holds the rest, does not answer."""
