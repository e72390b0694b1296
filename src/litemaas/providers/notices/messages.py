"""What is sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

PRODUCT = "LiteMaaS"


class Message(Struct, frozen=True, kw_only=True):
    """A notice, as receivers get it.

    Attributes:
        id: The same each time it is sent, so that a receiver can tell a repetition.
        text: One sentence for people.
    """

    id: UUID
    event: str
    subject: str
    at: datetime
    text: str
    details: dict[str, Any]

    @property
    def title(self) -> str:
        """The event in words."""
        return f"{PRODUCT}: {self.event.replace('_', ' ')}"
