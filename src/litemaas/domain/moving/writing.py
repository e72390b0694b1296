"""Brings rows in: recognises what is here, adds what is not, and changes only what it may.

Everything happens in the caller's transaction. PostgreSQL itself turns JSON into rows and compares them, so that a
column added to the schema needs no word here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import asyncpg
import msgspec

from litemaas.domain.administration.limits import count_window_anew
from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.moving.comparing import Compared, compare
from litemaas.domain.moving.credentials import CredentialSealer, sends_stored_elsewhere
from litemaas.domain.moving.entities import Chunk, Finding, Row, Verdict
from litemaas.domain.moving.redirecting import Redirections
from litemaas.domain.moving.statements import encode_rows, insert_rows, update_rows
from litemaas.domain.moving.tables import HISTORY, TABLES, Table
from litemaas.domain.spend.ledger import make_partitions
from litemaas.storage.postgres import Connection
from litemaas.storage.vault import Vault

_ALIAS_IN_USE = "keys_alias_in_use"
_ROTATED_HERE = "It was rotated here: its old text is not brought back."
_REASONS = {
    "keys_pkey": _ROTATED_HERE,
    _ALIAS_IN_USE: "Another key has this alias here.",
    "keys_previous_hash_key": "Another key was rotated away from the same text here.",
    "users_issuer_subject_key": "This person is another user here.",
    "access_requests_user_id_model_key": "This person asked for this model here.",
}


class Mode(NamedTuple):
    """How far an import may go.

    Attributes:
        update: Rows that are here and differ are changed to what the source has.
        replaces: Tables whose rows that are here are the source's own from an earlier time.
    """

    update: bool
    replaces: frozenset[str]


class Writer:
    """Writes the chunks of one import, in their order, and keeps count."""

    def __init__(self, connection: Connection, actor: Actor, vault: Vault, mode: Mode) -> None:
        self.counts: dict[str, Counter[Verdict]] = defaultdict(Counter)
        self.findings: list[Finding] = []
        self._connection = connection
        self._actor = actor
        self._mode = mode
        self._sealer = CredentialSealer(connection, vault)
        self._redirections = Redirections()
        self._moment = datetime.now(UTC)

    async def write(self, chunk: Chunk) -> None:
        """Write one chunk.

        Raises:
            asyncpg.DataError: A value does not fit its column.
            UnreadableSourceError: A column is not known.
        """
        table = TABLES[chunk.table]
        rows = [row for row in map(self._redirections.follow(table), chunk.rows) if self._is_somebodys(table, row)]
        if table.name == "deployments":
            await self._sealer.seal(rows)
        if table.name == HISTORY:
            await make_partitions(self._connection, [datetime.fromisoformat(row["started_at"]) for row in rows])
        fresh: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        changed: dict[tuple[str, ...], list[tuple[Row, Compared]]] = defaultdict(list)
        retired = await self._retired(table, rows)
        for row, compared in zip(rows, await compare(self._connection, table, rows), strict=True):
            columns = tuple(sorted(row))
            if compared.before is None:
                if row.get("key_hash") in retired:
                    self._refuse(table, row, _ROTATED_HERE)
                else:
                    fresh[columns].append(row)
                continue
            if table.renames and compared.before["id"] != row["id"]:
                self._redirections.add(row["id"], compared.before["id"])
            if self._is_to_change(table, row, compared):
                changed[columns].append((row, compared))
        for columns, some in fresh.items():
            await self._insert(table, columns, some)
        for columns, pairs in changed.items():
            await self._update(table, columns, pairs)

    async def _retired(self, table: Table, rows: Iterable[Row]) -> set[str]:
        """The hashes among `rows` that keys here were rotated away from."""
        if table.name != "keys":
            return set()
        hashes = [row["key_hash"] for row in rows]
        found = await self._connection.fetch("SELECT previous_hash FROM keys WHERE previous_hash = ANY($1)", hashes)
        return {row["previous_hash"] for row in found}

    def _is_somebodys(self, table: Table, row: Row) -> bool:
        """Tell whether a key's user and team, or a limit's holder, were not refused."""
        if self._redirections.lacks_holder(table, row):
            self._refuse(table, row, "Its holder was refused.")
            return False
        return True

    def _is_to_change(self, table: Table, row: Row, compared: Compared) -> bool:
        if compared.deleted_here:
            self._refuse(table, row, "It was deleted here.")
        elif compared.same:
            self._tell(table, row, Verdict.UNCHANGED)
        elif table.name in self._mode.replaces:
            return True
        elif table.settled or not self._mode.update:
            self._tell(table, row, Verdict.KEPT, f"It differs here in {', '.join(compared.differing)}.")
        elif table.name == "deployments" and sends_stored_elsewhere(row, compared):
            reason = "The stored credential is not sent to another address: import this with its credential."
            self._tell(table, row, Verdict.REFUSED, reason)
        else:
            return True
        return False

    async def _insert(self, table: Table, columns: tuple[str, ...], rows: list[Row]) -> None:
        """Insert rows, all but those that the database refuses, which are found by halving."""
        try:
            async with self._connection.transaction():
                await self._connection.execute(insert_rows(table, columns), encode_rows(rows))
        except asyncpg.IntegrityConstraintViolationError as error:
            if len(rows) > 1:
                middle = len(rows) // 2
                await self._insert(table, columns, rows[:middle])
                await self._insert(table, columns, rows[middle:])
            elif (renamed := _under_another_alias(rows[0], error)) is not None:
                reason = f"Another key has this alias here; this one is called {renamed['alias']}."
                self.findings.append(_finding(table, rows[0], Verdict.NOTED, reason))
                await self._insert(table, columns, [renamed])
            else:
                self._refuse(table, rows[0], _reason(error))
            return
        for row in rows:
            self._tell(table, row, Verdict.CREATED)
            await self._record(table, row, None, row)

    async def _update(self, table: Table, columns: tuple[str, ...], pairs: Iterable[tuple[Row, Compared]]) -> None:
        for row, compared in pairs:
            try:
                async with self._connection.transaction():
                    await self._connection.execute(update_rows(table, columns), encode_rows([row]))
            except asyncpg.IntegrityConstraintViolationError as error:
                self._tell(table, row, Verdict.REFUSED, _reason(error))
                continue
            self._tell(table, row, Verdict.UPDATED, f"Changed: {', '.join(compared.differing)}.")
            await self._record(table, row, compared.before, compared.after)
            if table.name == "accounts" and {"budget_duration", "budget_id"} & set(compared.differing):
                await count_window_anew(self._connection, row["id"], self._moment)

    def _refuse(self, table: Table, row: Row, reason: str) -> None:
        self._redirections.refuse(table, row)
        self._tell(table, row, Verdict.REFUSED, reason)

    def _tell(self, table: Table, row: Row, verdict: Verdict, reason: str = "") -> None:
        self.counts[table.kind][verdict] += 1
        expected = {Verdict.CREATED, Verdict.UPDATED} | ({Verdict.KEPT} if table.settled else set())
        if verdict is Verdict.UNCHANGED or (not table.listed and verdict in expected):
            return
        self.findings.append(_finding(table, row, verdict, reason))

    async def _record(self, table: Table, row: Row, before: Row | None, after: dict[str, Any] | None) -> None:
        if table.listed:
            subject = row.get("id") or row[table.label]
            told = msgspec.to_builtins(after, str_keys=True)
            await record(self._connection, self._actor, "import", table.kind, subject, before=before, after=told)


def _finding(table: Table, row: Row, verdict: Verdict, reason: str) -> Finding:
    name = row.get(table.label) or row.get("id") or row[table.match[0]]
    return Finding(verdict=verdict, kind=table.kind, name=str(name), reason=reason)


def _under_another_alias(row: Row, error: asyncpg.IntegrityConstraintViolationError) -> Row | None:
    """The key with its last characters in its alias, if only the alias stands in its way: its holder needs the key."""
    suffix = f" ({row.get('key_hint')})"
    if error.constraint_name != _ALIAS_IN_USE or row["alias"].endswith(suffix):
        return None
    return {**row, "alias": row["alias"] + suffix}


def _reason(error: asyncpg.IntegrityConstraintViolationError) -> str:
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return "What it belongs to is not here."
    if isinstance(error, asyncpg.UniqueViolationError):
        return _REASONS.get(str(error.constraint_name), "Something else has its name here.")
    return f"The database does not allow it ({error.constraint_name})."
