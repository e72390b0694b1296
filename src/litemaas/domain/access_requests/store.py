"""SQL of requests for access."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec.structs import astuple

from litemaas.domain.access_requests.entities import AccessRequest, RequestDetail, RequestFilter, RequestStatus, Step
from litemaas.domain.access_requests.errors import RequestNotFoundError
from litemaas.storage.postgres import Connection
from litemaas.storage.rows import insert_row, update_row

_TABLE = "access_requests"
_COLUMNS = AccessRequest.__struct_fields__

SORTABLE: Mapping[str, str] = {
    "created_at": "r.created_at",
    "decided_at": "r.decided_at",
    "model": "r.model",
    "status": "r.status",
    "user_name": "user_name",
}
"""What a list of requests can be sorted by, and the column that it means."""

_FILTERED = r"""
FROM access_requests r JOIN users u ON u.id = r.user_id
WHERE ($1::text IS NULL OR r.user_id = $1) AND ($2::text IS NULL OR r.model = $2)
  AND ($3::text IS NULL OR r.status = $3)
  AND ($4::text IS NULL OR strpos(lower(concat_ws(E'\n', r.model, u.id, u.alias, u.email)), lower($4)) > 0)
"""


async def add_request(connection: Connection, request: AccessRequest) -> None:
    """Store a new request."""
    await connection.execute(insert_row(_TABLE, _COLUMNS), *astuple(request))


async def save_request(connection: Connection, request: AccessRequest) -> None:
    """Store a request that was locked in the same transaction."""
    await connection.execute(update_row(_TABLE, _COLUMNS), *astuple(request))


async def add_step(connection: Connection, request_id: UUID, step: Step) -> None:
    """Write down what happened to a request."""
    await connection.execute(
        "INSERT INTO access_request_steps (request_id, at, actor, status, reason) VALUES ($1, $2, $3, $4, $5)",
        request_id,
        *astuple(step),
    )


async def lock_request(connection: Connection, request_id: UUID, user_id: str | None = None) -> AccessRequest:
    """Read a request, of `user_id` if given, and keep others from changing it until the transaction ends.

    Raises:
        RequestNotFoundError: There is no such request.
    """
    row = await connection.fetchrow(
        "SELECT * FROM access_requests WHERE id = $1 AND ($2::text IS NULL OR user_id = $2) FOR UPDATE",
        request_id,
        user_id,
    )
    if row is None:
        raise RequestNotFoundError("There is no such request.", param="id")
    return _request(row)


async def find_request(connection: Connection, user_id: str, model: str) -> AccessRequest | None:
    """The request of a user for a model, locked until the transaction ends."""
    row = await connection.fetchrow(
        "SELECT * FROM access_requests WHERE user_id = $1 AND model = $2 FOR UPDATE", user_id, model
    )
    return _request(row) if row else None


async def statuses_of(connection: Connection, user_id: str) -> dict[str, RequestStatus]:
    """Where the requests of a user stand, by model."""
    rows = await connection.fetch("SELECT model, status FROM access_requests WHERE user_id = $1", user_id)
    return {row["model"]: RequestStatus(row["status"]) for row in rows}


async def count_pending(connection: Connection, user_id: str | None = None) -> int:
    """How many requests wait for a decision, of one user or of all."""
    count: int = await connection.fetchval(
        "SELECT count(*) FROM access_requests WHERE status = 'pending' AND ($1::text IS NULL OR user_id = $1)", user_id
    )
    return count


async def list_requests(
    connection: Connection, wanted: RequestFilter, *, sort_by: str, descending: bool, limit: int, offset: int
) -> tuple[list[RequestDetail], int]:
    """One page of requests, and how many there are on all pages; `sort_by` is one of `SORTABLE`."""
    parameters = astuple(wanted)
    total: int = await connection.fetchval(f"SELECT count(*) {_FILTERED}", *parameters)
    direction = "DESC" if descending else "ASC"
    rows = await connection.fetch(
        f"""
        SELECT r.*, COALESCE(u.alias, u.email, u.id) AS user_name {_FILTERED}
        ORDER BY {SORTABLE[sort_by]} {direction} NULLS LAST, r.id LIMIT $5 OFFSET $6
        """,
        *parameters,
        limit,
        offset,
    )
    steps = await _steps_of(connection, [row["id"] for row in rows])
    return [RequestDetail(_request(row), row["user_name"], steps[row["id"]]) for row in rows], total


async def read_detail(connection: Connection, request: AccessRequest) -> RequestDetail:
    """A request with its asker's name and its history."""
    name = await connection.fetchval("SELECT COALESCE(alias, email, id) FROM users WHERE id = $1", request.user_id)
    return RequestDetail(request, name, (await _steps_of(connection, [request.id]))[request.id])


async def _steps_of(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[Step]]:
    steps: dict[UUID, list[Step]] = defaultdict(list)
    for row in await connection.fetch(
        "SELECT * FROM access_request_steps WHERE request_id = ANY($1) ORDER BY request_id, at", ids
    ):
        steps[row["request_id"]].append(Step(row["at"], row["actor"], RequestStatus(row["status"]), row["reason"]))
    return steps


def _request(row: Mapping[str, Any]) -> AccessRequest:
    fields = {name: row[name] for name in _COLUMNS}
    return AccessRequest(**{**fields, "status": RequestStatus(row["status"])})
