"""Rows of a source beside the rows that are here."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from litemaas.domain.moving.entities import Row
from litemaas.domain.moving.errors import UnreadableSourceError
from litemaas.domain.moving.statements import compare_rows, encode_rows
from litemaas.domain.moving.tables import UPKEEP, Table
from litemaas.storage.postgres import Connection


class Compared(Struct, frozen=True):
    """A row of a source and the one that is here.

    Attributes:
        before: As it is here; None: it is not here.
        after: As it would be with the source's columns.
        same: Nothing but upkeep differs.
        deleted_here: It was deleted here, and not at the source.
    """

    before: dict[str, Any] | None
    after: dict[str, Any]
    same: bool
    deleted_here: bool

    @property
    def differing(self) -> list[str]:
        """The columns that differ."""
        before = self.before or {}
        return [name for name, value in self.after.items() if name not in UPKEEP and before.get(name) != value]


async def compare(connection: Connection, table: Table, rows: Sequence[Row]) -> list[Compared]:
    """Look for `rows` here.

    Returns:
        What was found, in the same order.

    Raises:
        UnreadableSourceError: A row has a column that the table does not have; names go into statements as they are.
    """
    if not rows:
        return []
    found = await connection.fetch(compare_rows(table), encode_rows(rows), list(UPKEEP))
    for row, there in zip(rows, found, strict=True):
        if unknown := row.keys() - there["after"].keys():
            raise UnreadableSourceError(f"{table.name} has no column {min(unknown)!r}.")
    return [
        Compared(there["before"], there["after"], there["same"], _deleted(there["before"]) and not _deleted(row))
        for row, there in zip(rows, found, strict=True)
    ]


def _deleted(row: Row | None) -> bool:
    return row is not None and row.get("deleted_at") is not None
