"""Passes an answer that is neither JSON nor a stream of events on as it comes, such as speech."""

from litemaas.providers.usage import Usage


class PieceReader:
    """Stands where a stream of events has its reader, and reads nothing.

    Attributes:
        usage: Never told by such an answer.
        tokens: None of them.
    """

    __slots__ = ()

    usage: Usage | None = None
    tokens = 0

    def feed(self, data: bytes) -> bytes:
        """What is to be passed on now."""
        return data

    def flush(self) -> bytes:
        """Nothing is held back."""
        return b""
