"""Why something cannot be done with the ledger."""

from litemaas.domain.errors import InvalidInputError


class LedgerDroppedError(InvalidInputError):
    """The calls of that time are not kept any more."""
