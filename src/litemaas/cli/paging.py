"""Reads a list of the management API to its end."""

from collections.abc import Iterator, Mapping
from typing import Any

from litemaas.cli.client import Client
from litemaas.cli.waiting import waiting

_PAGE_SIZE = 100  # the most that the API gives at once


def all_pages(
    client: Client, path: str, query: Mapping[str, str | int], *, rows: str, size_parameter: str
) -> Iterator[dict[str, Any]]:
    """Yield the rows of all pages of `path`.

    Args:
        client: Asks for them.
        path: A list that answers `{rows: […], "total_pages": …}`.
        query: Which rows are wanted.
        rows: Where they are in the answer.
        size_parameter: What this list calls its page size.

    Raises:
        CommandError: LiteMaaS refuses.
    """
    page, total = 1, 1
    with waiting("Reading the list…"):
        while page <= total:
            answer = client.get(path, {**query, "page": page, size_parameter: _PAGE_SIZE})
            yield from answer[rows]
            page, total = page + 1, int(answer["total_pages"])
