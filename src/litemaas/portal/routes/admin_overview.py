"""`/api/admin/overview` and `/api/admin/health`: how all of it is doing."""

import time
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace
from pydantic import BaseModel

from litemaas.bootstrap import Platform
from litemaas.domain.budgets.accounts import read_standings
from litemaas.domain.budgets.entities import GLOBAL_ACCOUNT
from litemaas.domain.replicas.entities import Replica
from litemaas.domain.replicas.service import replicas_now
from litemaas.domain.users.entities import UserFilter
from litemaas.portal.caller import ThePortal
from litemaas.portal.fields import Money
from litemaas.portal.model_health import UNSEEN, Health
from litemaas.portal.permissions import Permission
from litemaas.portal.portal import Portal
from litemaas.portal.routing import needs, portal_router
from litemaas.portal.usage_fields import TrendPoint, span, trend_points
from litemaas.storage.postgres import PASSING_ERRORS

router = portal_router("admin: overview")

_TREND_DAYS = 14
_LATENCY_SPAN = timedelta(hours=1)
_FRESH_SECONDS = 10


class Status(StrEnum):
    """How a part of the system is."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"
    ABSENT = "absent"


class GlobalBudget(BaseModel):
    """The budget over everything."""

    spent: Money
    max_budget: Money | None
    window_resets_at: datetime | None


class UpstreamView(BaseModel):
    """How a deployment is, by its calls of the last minutes and by the background checks."""

    deployment_id: str
    model: str
    api_base: str | None
    health: Health
    last_error: str | None
    last_checked_at: datetime | None


class Overview(BaseModel):
    """Traffic, errors and spend."""

    requests_today: int
    failed_today: int
    first_token_ms_p50: int | None
    first_token_ms_p95: int | None
    spend_today: Money
    budget: GlobalBudget | None
    trend: list[TrendPoint]
    unhealthy: list[UpstreamView]
    open_requests: int
    models_count: int
    keys_count: int
    users_count: int


class DatabaseView(BaseModel):
    """How the database is."""

    status: Status
    latency_ms: int | None
    message: str | None


class JournalView(BaseModel):
    """How this replica's journal is: spend that the database does not have yet."""

    status: Status
    bytes: int
    message: str | None


class ReplicaView(BaseModel):
    """A process that serves."""

    id: UUID
    host: str
    version: str
    started_at: datetime
    last_seen_at: datetime
    snapshot_age_seconds: float


class RedisView(BaseModel):
    """How Redis is."""

    status: Status
    latency_ms: int | None
    message: str | None


class SystemHealth(BaseModel):
    """How all parts are; database, journal and Redis as the replica that answers sees them."""

    status: Status
    replicas: list[ReplicaView]
    database: DatabaseView
    journal: JournalView
    redis: RedisView
    upstreams: list[UpstreamView]


@router.get("/admin/overview", openapi_extra=needs(Permission.OVERVIEW_READ))
async def overview(portal: ThePortal) -> Overview:
    """What an admin wants to see first."""
    now = datetime.now(UTC)
    wanted = replace(span(None, now.date()), since=now.date() - timedelta(days=_TREND_DAYS - 1))
    (series,) = await portal.usage.trend(wanted)
    points = trend_points(series, wanted)
    median, high = await portal.calls.first_byte_ms(now - _LATENCY_SPAN)
    _, users = await portal.platform.users.page(UserFilter(), limit=1, offset=0)
    return Overview(
        requests_today=points[-1].requests,
        failed_today=points[-1].failed_requests,
        first_token_ms_p50=median,
        first_token_ms_p95=high,
        spend_today=points[-1].cost,
        budget=await _global_budget(portal, now),
        trend=points,
        unhealthy=[one for one in await _upstreams(portal) if one.health in {Health.UNHEALTHY, Health.DEGRADED}],
        open_requests=await portal.requests.count_pending(),
        models_count=len(portal.platform.snapshot.catalog.models),
        keys_count=await portal.key_views.count(),
        users_count=users,
    )


@router.get("/admin/health", openapi_extra=needs(Permission.HEALTH_READ))
async def health(portal: ThePortal) -> SystemHealth:
    """How the parts are."""
    platform = portal.platform
    database, redis = await _database(portal), await _redis(platform)
    waiting, most = platform.journal.unsafe_bytes, platform.settings.journal.journal_max_bytes
    journal = JournalView(
        status=Status.DOWN if waiting > most else Status.OK,
        bytes=waiting,
        message="Calls get 503 until the database is back." if waiting > most else None,
    )
    found = await replicas_now(platform.pool) if database.status is Status.OK else []
    age = time.monotonic() - platform.snapshot.confirmed_at
    states = {database.status, journal.status, redis.status, Status.OK if age < _FRESH_SECONDS else Status.DEGRADED}
    status = next((one for one in (Status.DOWN, Status.DEGRADED) if one in states), Status.OK)
    return SystemHealth(
        status=status,
        replicas=[_replica(one) for one in found],
        database=database,
        journal=journal,
        redis=redis,
        upstreams=await _upstreams(portal) if database.status is Status.OK else [],
    )


def _replica(replica: Replica) -> ReplicaView:
    return ReplicaView(
        id=replica.id,
        host=replica.host,
        version=replica.version,
        started_at=replica.started_at,
        last_seen_at=replica.last_seen_at,
        snapshot_age_seconds=replica.snapshot_age,
    )


async def _redis(platform: Platform) -> RedisView:
    if platform.answers is None:
        return RedisView(status=Status.ABSENT, latency_ms=None, message=None)
    began = time.monotonic()
    if not await platform.answers.can_be_reached():
        return RedisView(status=Status.DEGRADED, latency_ms=None, message="Redis does not answer.")
    return RedisView(status=Status.OK, latency_ms=round((time.monotonic() - began) * 1000), message=None)


async def _database(portal: Portal) -> DatabaseView:
    began = time.monotonic()
    try:
        async with portal.platform.pool.acquire() as connection:
            await connection.fetchval("SELECT 1")
    except PASSING_ERRORS as error:
        return DatabaseView(status=Status.DOWN, latency_ms=None, message=type(error).__name__)
    return DatabaseView(status=Status.OK, latency_ms=round((time.monotonic() - began) * 1000), message=None)


async def _global_budget(portal: Portal, now: datetime) -> GlobalBudget | None:
    async with portal.platform.pool.acquire() as connection:
        standing = (await read_standings(connection, [GLOBAL_ACCOUNT], now)).get(GLOBAL_ACCOUNT)
    if standing is None:
        return None
    return GlobalBudget(
        spent=standing.spent, max_budget=standing.account.max_budget, window_resets_at=standing.resets_at
    )


async def _upstreams(portal: Portal) -> list[UpstreamView]:
    found, views = await portal.health.seen(), []
    for model in portal.platform.snapshot.catalog.models.values():
        for target in model.targets:
            seen = found.get(target.deployment.id, UNSEEN)
            views.append(
                UpstreamView(
                    deployment_id=target.deployment.id,
                    model=model.name,
                    api_base=target.deployment.api_base,
                    health=seen.health,
                    last_error=seen.last_error,
                    last_checked_at=seen.last_checked_at,
                )
            )
    return views
