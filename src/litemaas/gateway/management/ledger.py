"""`/ledger/*`: what the ledger holds, its calls as a file, its rollups made anew."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from msgspec import Struct
from pydantic import Field

from litemaas.domain.administration.ledger import MOST_DAYS, LedgerStatus
from litemaas.domain.spend.exporting import Format
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, Administrator, AnyPlatform
from litemaas.gateway.management.fields import ManagementRequest
from litemaas.gateway.management.rendering import answers, render
from litemaas.gateway.management.routing import ManagementRoute
from litemaas.gateway.management.spend import Day, WhoseCalls

router = APIRouter(tags=["ledger"], route_class=ManagementRoute)

_MEDIA_TYPES: dict[Format, str] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}


class ExportQuery(WhoseCalls):
    """Query of `/ledger/export`."""

    format: Format = "csv"


class RebuildDays(ManagementRequest):
    """Body of `/ledger/rebuild`."""

    first_day: Day = Field(description="UTC")
    last_day: Day = Field(description=f"UTC; at most {MOST_DAYS} days from the first on")


class RebuiltDayRow(Struct, kw_only=True):
    """A day whose rollups were made anew, and what they said before."""

    day: date
    changed: bool
    requests_before: int
    requests: int
    cost_before: Decimal
    cost: Decimal


class RebuiltDays(Struct):
    """Answer of `/ledger/rebuild`."""

    days: list[RebuiltDayRow]


@router.get("/ledger/status", dependencies=ADMINISTRATORS_ONLY, responses=answers(LedgerStatus))
async def ledger_status(platform: AnyPlatform) -> Response:
    """Partitions, sizes, and how long calls are kept."""
    return render(await platform.ledger.status())


@router.get("/ledger/export", dependencies=ADMINISTRATORS_ONLY, response_class=StreamingResponse)
async def export_ledger(platform: AnyPlatform, query: Annotated[ExportQuery, Query()]) -> Response:
    """Single calls, the oldest first, as CSV or as JSON lines; as many as there are, sent while they are read."""
    name = f"ledger-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.{query.format}"
    return StreamingResponse(
        platform.ledger.export(query.filter(), query.format),
        media_type=_MEDIA_TYPES[query.format],
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@router.post("/ledger/rebuild", responses=answers(RebuiltDays))
async def rebuild_rollups(platform: AnyPlatform, actor: Administrator, body: RebuildDays) -> Response:
    """Make the rollups of some days anew from their calls; what an import brought stays as it is."""
    days = await platform.ledger.rebuild(actor, body.first_day, body.last_day)
    rows = [
        RebuiltDayRow(
            day=one.day,
            changed=one.changed,
            requests_before=one.requests_before,
            requests=one.requests,
            cost_before=one.cost_before,
            cost=one.cost,
        )
        for one in days
    ]
    return render(RebuiltDays(rows))
