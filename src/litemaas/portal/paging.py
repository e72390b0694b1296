"""Pages of lists: `page`, `page_size`, `sort` (a leading `-`: the greatest first) and `search`."""

from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

_LAST_PAGE = 10**6
_Item = TypeVar("_Item")


class Page(BaseModel, Generic[_Item]):
    """One page of a list."""

    items: Sequence[_Item]
    total: int
    page: int
    page_size: int


class ListQuery(BaseModel):
    """Which page of a list is wanted, and in which order."""

    page: int = 1
    page_size: int = 25
    sort: str | None = None
    search: str | None = None

    @property
    def offset(self) -> int:
        """Items on the pages before."""
        return (self.page - 1) * self.page_size

    def order(self, default: str) -> tuple[str, bool]:
        """What to sort by, and whether the greatest comes first."""
        sort = self.sort or default
        return sort.removeprefix("-"), sort.startswith("-")

    def of(self, items: Sequence[_Item], total: int) -> Page[_Item]:
        """The page that holds `items`."""
        return Page(items=items, total=total, page=self.page, page_size=self.page_size)


def _list_query(
    page: Annotated[int, Query(ge=1, le=_LAST_PAGE)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 25,
    sort: Annotated[str | None, Query(max_length=50)] = None,
    search: Annotated[str | None, Query(max_length=200)] = None,
) -> ListQuery:
    return ListQuery(page=page, page_size=page_size, sort=sort, search=search or None)


Listing = Annotated[ListQuery, Depends(_list_query)]
