"""`/api/usage`, `/api/teams/{team_id}/usage` and `/api/admin/usage`: what was used and what it cost.

One's own, that of a team which one administers, and everyone's.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from msgspec.structs import replace
from pydantic import BaseModel

from litemaas.domain.sessions.entities import LoggedIn
from litemaas.domain.spend.usage import Dimension, Totals, UsageFilter
from litemaas.portal.caller import ThePortal, require_caller
from litemaas.portal.exporting import attachment, csv_file
from litemaas.portal.fields import Money
from litemaas.portal.paging import Listing, Page
from litemaas.portal.permissions import Permission
from litemaas.portal.portal import portal_of
from litemaas.portal.routing import needs, portal_router
from litemaas.portal.team_rules import check_administers
from litemaas.portal.usage_fields import (
    BreakdownRow,
    TrendSeries,
    UsageTotals,
    Values,
    breakdown_rows,
    span,
    trend_points,
    usage_totals,
)

_MOST_ROWS = 10_000


class UsageSummary(BaseModel):
    """The span that is asked for, and the one of the same length before it; null: nothing was used then."""

    current: UsageTotals
    previous: UsageTotals | None


class Trend(BaseModel):
    """Usage day by day."""

    series: list[TrendSeries]


class HeatmapCell(BaseModel):
    """How busy a day was."""

    day: date
    requests: int
    cost: Money


class Heatmap(BaseModel):
    """How busy the days were."""

    cells: list[HeatmapCell]


def _everyone(
    since: date | None = None,
    until: date | None = None,
    models: Values = None,
    keys: Values = None,
    users: Values = None,
    teams: Values = None,
    providers: Values = None,
) -> UsageFilter:
    named = {"models": models, "keys": keys, "users": users, "teams": teams, "providers": providers}
    return replace(span(since, until), **{name: values or None for name, values in named.items()})


async def _own(
    request: Request,
    since: date | None = None,
    until: date | None = None,
    models: Values = None,
    keys: Values = None,
    providers: Values = None,
) -> UsageFilter:
    caller: LoggedIn = await require_caller(request)
    wanted = _everyone(since, until, models, keys, None, None, providers)
    return replace(wanted, users=[caller.user_id])


async def _team(
    request: Request,
    team_id: str,
    since: date | None = None,
    until: date | None = None,
    models: Values = None,
    keys: Values = None,
    users: Values = None,
    providers: Values = None,
) -> UsageFilter:
    await check_administers(portal_of(request.app), team_id, await require_caller(request))
    return _everyone(since, until, models, keys, users, [team_id], providers)


def _usage_router(tag: str, prefix: str, permission: Permission, only: Callable[..., Any]) -> APIRouter:
    """The same questions about the usage that the dependency `only` lets through."""
    router = portal_router(tag)
    wanted_usage = Annotated[UsageFilter, Depends(only)]
    guard = needs(permission)

    @router.get(f"{prefix}/summary", openapi_extra=guard)
    async def summary(portal: ThePortal, wanted: wanted_usage) -> UsageSummary:
        """The sums, and those of the span before."""
        previous = await portal.usage.totals(wanted.before)
        current = usage_totals(await portal.usage.totals(wanted))
        return UsageSummary(current=current, previous=usage_totals(previous) if previous != Totals() else None)

    @router.get(f"{prefix}/trend", openapi_extra=guard)
    async def trend(portal: ThePortal, wanted: wanted_usage, group_by: Dimension | None = None) -> Trend:
        """Day by day; with `group_by` the five dearest and the others."""
        series = await portal.usage.trend(wanted, group_by)
        return Trend(series=[TrendSeries(id=one.id, name=one.name, points=trend_points(one, wanted)) for one in series])

    @router.get(f"{prefix}/breakdown", openapi_extra=guard)
    async def breakdown(
        portal: ThePortal, wanted: wanted_usage, listing: Listing, group_by: Dimension = "model"
    ) -> Page[BreakdownRow]:
        """By model, key and so on, the dearest first."""
        sort_by, descending = listing.order("-cost")
        slices, total = await portal.usage.breakdown(
            wanted,
            group_by,
            sort_by=sort_by,
            descending=descending,
            limit=listing.page_size,
            offset=listing.offset,
        )
        return listing.of(breakdown_rows(slices), total)

    @router.get(f"{prefix}/heatmap", openapi_extra=guard)
    async def heatmap(portal: ThePortal, wanted: wanted_usage) -> Heatmap:
        """How busy each day was."""
        (series,) = await portal.usage.trend(wanted)
        points = trend_points(series, wanted)
        return Heatmap(cells=[HeatmapCell(day=one.day, requests=one.requests, cost=one.cost) for one in points])

    @router.get(f"{prefix}/export", response_class=Response, openapi_extra=guard)
    async def export(
        portal: ThePortal,
        wanted: wanted_usage,
        group_by: Dimension = "model",
        kind: Annotated[Literal["csv", "json"], Query(alias="format")] = "csv",
    ) -> Response:
        """The breakdown as a file."""
        slices, _ = await portal.usage.breakdown(wanted, group_by, limit=_MOST_ROWS)
        rows = [row.model_dump(mode="json") for row in breakdown_rows(slices)]
        name = f"usage-{group_by}-{wanted.since}-{wanted.until}.{kind}"
        return attachment(name, csv_file(list(BreakdownRow.model_fields), rows) if kind == "csv" else rows)

    return router


own_router = _usage_router("usage", "/usage", Permission.OWN_READ, _own)
team_router = _usage_router("teams", "/teams/{team_id}/usage", Permission.OWN_READ, _team)
admin_router = _usage_router("admin: usage", "/admin/usage", Permission.USAGE_READ, _everyone)
