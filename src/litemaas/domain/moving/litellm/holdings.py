"""Collects what a source has as rows by table, and gives things of the source ids of ours that are always the same."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID, uuid5

from litemaas.domain.moving.entities import Chunk, Row
from litemaas.domain.moving.tables import TABLES

_NAMESPACE = UUID("6f0f6b1e-2d0b-5c0e-9a53-6d0b2f6f3c11")
_ROWS_AT_ONCE = 1000


def stable_id(kind: str, *names: object) -> str:
    """An id that the same thing has at every import."""
    return str(uuid5(_NAMESPACE, "\n".join(map(str, (kind, *names)))))


class Holdings:
    """Rows by table."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = defaultdict(list)

    def add(self, table: str, row: Row) -> None:
        """Add a row; what it says nothing about has its default."""
        self.rows[table].append(row)

    def chunks(self) -> Iterator[Chunk]:
        """All rows, every one after those that it needs."""
        for table in TABLES:
            rows = self.rows[table]
            for begin in range(0, len(rows), _ROWS_AT_ONCE):
                yield Chunk(table, rows[begin : begin + _ROWS_AT_ONCE])
