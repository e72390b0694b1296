"""Memory for request bodies that are on their way or in a call's hands: whoever may call could fill it all."""

from litemaas.gateway.errors import NoRoomError


class BodyRoom:
    """What the bodies of all clients together may take.

    Args:
        limit: In bytes.

    Attributes:
        taken: Bytes that are in use.
    """

    __slots__ = ("_limit", "taken")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.taken = 0

    def take(self, size: int) -> None:
        """Set `size` bytes aside; one body always fits while there is no other.

        Raises:
            NoRoomError: There are not so many.
        """
        if self.taken and self.taken + size > self._limit:
            raise NoRoomError("Too many large requests are on their way here. Try again in a moment.")
        self.taken += size

    def give_back(self, size: int) -> None:
        """Free `size` bytes."""
        self.taken -= size
