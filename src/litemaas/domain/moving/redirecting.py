"""References to rows that are here under another id, and to holders that were refused."""

from collections.abc import Callable

from litemaas.domain.moving.entities import Row
from litemaas.domain.moving.tables import Table

_HOLDERS = {"keys": "key", "users": "user", "teams": "team"}
_ACCOUNT_COLUMNS = {"accounts": "id", "balances": "account_id"}


class Redirections:
    """What the rows of one import should refer to."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._refused: set[str] = set()

    def add(self, given: object, present: object) -> None:
        """What the source calls `given` is here as `present`."""
        self._ids[str(given)] = str(present)

    def refuse(self, table: Table, row: Row) -> None:
        """The row is not here and will not be."""
        if kind := _HOLDERS.get(table.name):
            self._refused.add(f"{kind}:{row['id']}")

    def lacks_holder(self, table: Table, row: Row) -> bool:
        """Tell whether whose key or limit `row` is was refused."""
        if table.name == "keys":
            return bool(self._refused & {f"user:{row.get('user_id')}", f"team:{row.get('team_id')}"})
        column = _ACCOUNT_COLUMNS.get(table.name)
        return column is not None and row[column].partition("/model:")[0] in self._refused

    def follow(self, table: Table) -> Callable[[Row], Row]:
        """A function that returns a copy of a row of `table` with its references redirected."""
        account = _ACCOUNT_COLUMNS.get(table.name)
        columns = (*table.refers, *((account,) if account else ()))
        return lambda row: {**row, **{column: self._there(row[column]) for column in columns if row.get(column)}}

    def _there(self, reference: object) -> str:
        text = str(reference)
        if text.startswith("key:"):
            key_id, slash, model = text.removeprefix("key:").partition("/")
            return f"key:{self._ids.get(key_id, key_id)}{slash}{model}"
        return self._ids.get(text, text)
