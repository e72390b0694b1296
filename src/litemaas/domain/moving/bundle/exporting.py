"""Writing everything of ours into one file, as it is at one moment."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec

from litemaas.domain.moving.bundle.lines import CHECK, FORMAT, End, Header, RawRowLine
from litemaas.domain.moving.bundle.sealing import SALT_BYTES, PassphraseBox, destination_of
from litemaas.domain.moving.tables import HISTORY, OMITTED, TABLES, Table
from litemaas.migrations import head_revision
from litemaas.settings import Secret
from litemaas.storage.postgres import Connection, Pool
from litemaas.storage.vault import Vault

_ROWS_AT_ONCE = 1000
_CREDENTIALS = "SELECT id, provider, api_base, credential FROM deployments WHERE credential IS NOT NULL"


class ExportService:
    """Exports.

    Args:
        pool: What to export.
        vault: Opens the credentials of providers.
    """

    def __init__(self, pool: Pool, vault: Vault) -> None:
        self._pool = pool
        self._vault = vault

    async def lines(self, *, passphrase: Secret | None, with_history: bool = False) -> AsyncIterator[bytes]:
        """The file's lines.

        Args:
            passphrase: Seals the providers' credentials; None: they are left out.
            with_history: Also every single call of the ledger. Daily spend is always there.
        """
        salt = os.urandom(SALT_BYTES)
        box = PassphraseBox(passphrase, salt) if passphrase else None
        yield _line(_header(box, salt))
        count = 0
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            credentials = await self._sealed_credentials(connection, box) if box else {}
            for table in TABLES.values():
                if table.name == HISTORY and not with_history:
                    continue
                async for row_id, row in _rows(connection, table):
                    credential = credentials.get(row_id) if table.name == "deployments" else None
                    yield _line(RawRowLine(table=table.name, row=msgspec.Raw(row.encode()), credential=credential))
                    count += 1
        yield _line(End(rows=count))

    async def _sealed_credentials(self, connection: Connection, box: PassphraseBox) -> dict[str, bytes]:
        return {
            row["id"]: box.seal(self._vault.open(row["credential"]), destination_of(row))
            for row in await connection.fetch(_CREDENTIALS)
        }


def _header(box: PassphraseBox | None, salt: bytes) -> Header:
    return Header(
        format=FORMAT,
        schema=head_revision(),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        secrets="sealed" if box else "none",
        salt=salt if box else b"",
        check=box.seal(CHECK, CHECK) if box else b"",
    )


async def _rows(connection: Connection, table: Table) -> AsyncIterator[tuple[str, str]]:
    omitted = list(OMITTED.get(table.name, ()))
    statement = (
        f"SELECT to_jsonb(exported) ->> 'id' AS id, (to_jsonb(exported) - $1::text[])::text AS row"  # noqa: S608 - our names
        f" FROM {table.name} AS exported ORDER BY {', '.join(table.match)}"
    )
    async for row in connection.cursor(statement, omitted, prefetch=_ROWS_AT_ONCE):
        yield row["id"] or "", row["row"]


def _line(line: msgspec.Struct) -> bytes:
    return msgspec.json.encode(line) + b"\n"
