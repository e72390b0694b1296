"""Single calls as a file: CSV for spreadsheets, JSON lines for programs.

PostgreSQL writes the lines itself (`COPY … TO STDOUT`) and waits while the reader is slow: ten million calls pass
through a few hundred kilobytes here, and cost this process nothing for each.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Literal

from litemaas.domain.spend.entities import SpendFilter
from litemaas.domain.spend.reports import CALLS, call_parameters
from litemaas.storage.postgres import Connection, Pool

Format = Literal["csv", "jsonl"]

_SECONDS = 6 * 3600.0
_CHUNKS_AHEAD = 4
_CHUNK_BYTES = 64 * 1024
_UNTOUCHED = {"quote": "\x01", "delimiter": "\x02"}
"""JSON has no control characters: with these as CSV's quote and delimiter its lines stay as they are."""
_UNSAFE = r"^[=+\-@\t\r]"

_COLUMNS = {
    "id": "l.id",
    "started_at": "l.started_at",
    "key_id": "l.key_id",
    "key_alias": "(SELECT k.alias FROM keys k WHERE k.id = l.key_id)",
    "user_id": "l.user_id",
    "team_id": "l.team_id",
    "end_user": "l.end_user",
    "request_id": "l.request_id",
    "endpoint": "l.endpoint",
    "model": "l.model",
    "deployment_id": "l.deployment_id",
    "provider": "l.provider",
    "status": "l.status",
    "error_code": "l.error_code",
    "input_tokens": "l.input_tokens",
    "output_tokens": "l.output_tokens",
    "cached_input_tokens": "l.cached_input_tokens",
    "cache_write_tokens": "l.cache_write_tokens",
    "reasoning_tokens": "l.reasoning_tokens",
    "cost": "trim_scale(l.cost)",
    "estimated": "l.estimated",
    "cached": "l.cached",
    "streamed": "l.streamed",
    "attempts": "l.attempts",
    "duration_ms": "l.duration_ms",
    "first_byte_ms": "l.first_byte_ms",
    "labels": "l.labels",
    "images": "l.images",
    "seconds": "l.seconds",
    "characters": "l.characters",
    "searches": "l.searches",
}
_TOLD_BY_OTHERS = frozenset({"key_alias", "user_id", "team_id", "end_user", "request_id", "model", "error_code"})

# In the order of the partitions' primary keys: nothing is sorted, the first line comes at once.
_ORDERED = f"{CALLS} ORDER BY l.started_at, l.id"


async def export_calls(pool: Pool, wanted: SpendFilter, kind: Format) -> AsyncIterator[bytes]:
    """The calls, the oldest first, in pieces that end anywhere.

    CSV has a header line; text in it that a spreadsheet would take for a formula gets an apostrophe (OWASP, CSV
    injection). JSON lines have one object each.
    """
    chunks: asyncio.Queue[bytes] = asyncio.Queue(_CHUNKS_AHEAD)
    async with pool.acquire() as connection:
        copying = asyncio.create_task(_copy(connection, wanted, kind, chunks))
        try:
            while chunk := await chunks.get():
                yield chunk
            await copying
        finally:
            if not copying.done():
                connection.terminate()  # a COPY that is given up midway leaves the connection fit for nothing else
                copying.cancel()
            await asyncio.gather(copying, return_exceptions=True)


async def _copy(connection: Connection, wanted: SpendFilter, kind: Format, chunks: asyncio.Queue[bytes]) -> None:
    """Put the lines into `chunks`, and an empty piece behind the last; not after a cancellation, when nobody reads."""
    parameters = [*await call_parameters(connection, wanted), None, None]
    buffer = bytearray()

    async def collect(line: bytes) -> None:
        buffer.extend(line)
        if len(buffer) >= _CHUNK_BYTES:
            await chunks.put(bytes(buffer))
            buffer.clear()

    try:
        options: dict[str, Any]
        if kind == "csv":
            query, options = f"SELECT {_csv_columns()} {_ORDERED}", {"header": True}
        else:
            query, options = f"SELECT json_build_object({_json_pairs()})::text {_ORDERED}", _UNTOUCHED
        await connection.copy_from_query(query, *parameters, output=collect, format="csv", timeout=_SECONDS, **options)
        if buffer:
            await chunks.put(bytes(buffer))
    except Exception:
        await chunks.put(b"")
        raise
    await chunks.put(b"")


def _csv_columns() -> str:
    return ", ".join(
        f"CASE WHEN {value} ~ '{_UNSAFE}' THEN '''' || {value} ELSE {value} END AS {name}"
        if name in _TOLD_BY_OTHERS
        else f"{value} AS {name}"
        for name, value in _COLUMNS.items()
    )


def _json_pairs() -> str:
    return ", ".join(f"'{name}', {value}" for name, value in _COLUMNS.items())
