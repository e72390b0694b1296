"""By what lists can be sorted."""

from collections.abc import Collection

from litemaas.domain.errors import InvalidInputError


def check_sortable(sort_by: str, sortable: Collection[str]) -> None:
    """Refuse to sort by what nobody can.

    Raises:
        InvalidInputError: `sort_by` is not one of `sortable`.
    """
    if sort_by not in sortable:
        raise InvalidInputError(f"sort_by must be one of {', '.join(sortable)}.", param="sort_by")
