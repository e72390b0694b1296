"""Statements for writing one entity as one row: its fields are the columns, so that a new field needs no new SQL."""

from functools import cache


@cache
def insert_row(table: str, columns: tuple[str, ...]) -> str:
    """`INSERT` of one row; the parameters are the values in the order of `columns`."""
    places = ", ".join(f"${position}" for position in range(1, len(columns) + 1))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 - names from entities, not input


@cache
def update_row(table: str, columns: tuple[str, ...]) -> str:
    """`UPDATE` of the row that the first column identifies; the parameters are the values in the order of `columns`."""
    changes = ", ".join(f"{column} = ${position}" for position, column in enumerate(columns[1:], start=2))
    return f"UPDATE {table} SET {changes} WHERE {columns[0]} = $1"  # noqa: S608 - names from entities, not input
