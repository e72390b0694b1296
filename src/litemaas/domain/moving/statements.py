"""SQL that takes rows as JSON: PostgreSQL knows the columns' types, so nobody repeats them."""

from collections.abc import Sequence
from functools import cache

import msgspec

from litemaas.domain.moving.entities import Row
from litemaas.domain.moving.tables import Table

_encode = msgspec.json.Encoder(decimal_format="number").encode


def encode_rows(rows: Sequence[Row]) -> str:
    """`rows` as a parameter of the statements below; amounts keep all their digits."""
    return _encode(rows).decode()


@cache
def compare_rows(table: Table) -> str:
    """For each given row, in their order: the row that is here, what it would become, and whether that is the same.

    Parameters: the rows, and the columns that do not count.
    """
    first = table.match[0]
    return f"""
        SELECT CASE WHEN present.{first} IS NOT NULL THEN to_jsonb(present) END AS before,
               to_jsonb(merged) AS after,
               COALESCE(to_jsonb(present) - $2::text[] = to_jsonb(merged) - $2::text[], false) AS same
        FROM jsonb_array_elements($1::text::jsonb) WITH ORDINALITY AS given(columns, position)
        CROSS JOIN LATERAL jsonb_populate_record(NULL::{table.name}, given.columns) AS fresh
        LEFT JOIN {table.name} AS present ON {_matches(table)}
        CROSS JOIN LATERAL jsonb_populate_record(
            present, CASE WHEN present.{first} IS NULL THEN given.columns ELSE given.columns - 'id' END
        ) AS merged
        ORDER BY given.position
    """  # noqa: S608 - names of our tables and columns


@cache
def insert_rows(table: Table, columns: tuple[str, ...]) -> str:
    """Insert the given rows; the other columns have their defaults."""
    values = ", ".join(f"fresh.{column}" for column in columns)
    return (
        f"INSERT INTO {table.name} ({', '.join(columns)})"  # noqa: S608 - names of our tables and checked columns
        f" SELECT {values} FROM jsonb_populate_recordset(NULL::{table.name}, $1::text::jsonb) AS fresh"
    )


@cache
def update_rows(table: Table, columns: tuple[str, ...]) -> str:
    """Change the rows that are here to what the given ones say; what they do not say stays, and so does the id."""
    changes = ", ".join(f"{column} = fresh.{column}" for column in columns if column not in (*table.match, "id"))
    return (
        f"UPDATE {table.name} AS present SET {changes}"  # noqa: S608 - names of our tables and checked columns
        f" FROM jsonb_populate_recordset(NULL::{table.name}, $1::text::jsonb) AS fresh WHERE {_matches(table)}"
    )


def _matches(table: Table) -> str:
    return " AND ".join(f"present.{column} = fresh.{column}" for column in table.match)
