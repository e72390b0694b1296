"""What a banner is."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

BannerStyle = Literal["info", "success", "warning", "danger", "default"]


class Banner(Struct, frozen=True, kw_only=True):
    """A line under the masthead.

    Attributes:
        content: Text by language; `en` is there in every one that is kept.
        active: Shown, between `starts_at` and `ends_at` where these are given.
    """

    id: UUID
    content: dict[str, str] = {}
    style: BannerStyle = "info"
    dismissible: bool = True
    active: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
