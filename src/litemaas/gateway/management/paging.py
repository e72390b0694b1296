"""Pages of lists."""

from typing import Annotated

from pydantic import Field

_LAST_PAGE = 10**9

PageNumber = Annotated[int, Field(ge=1, le=_LAST_PAGE, description="From 1 on")]


def page_count(total: int, size: int) -> int:
    """How many pages of `size` rows hold `total` rows."""
    return -(-total // size)
