"""`/api/admin/usage/labels`: what cost centres, projects and the like used."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import BaseModel

from litemaas.domain.spend.usage import Slice, Totals
from litemaas.portal.caller import ThePortal
from litemaas.portal.exporting import attachment, csv_file
from litemaas.portal.permissions import Permission
from litemaas.portal.routing import needs, portal_router
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

router = portal_router("admin: usage")

_READ = needs(Permission.USAGE_READ)


class Labels(BaseModel):
    """Names of the labels that calls of this time had."""

    names: list[str]


class LabelUsage(BaseModel):
    """What all calls used, and what those with the label used, the dearest value first.

    The row and the series of an empty id are what has no value of the label.
    """

    total: UsageTotals
    values: list[BreakdownRow]
    series: list[TrendSeries]


@router.get("/admin/usage/labels", openapi_extra=_READ)
async def labels(portal: ThePortal, since: date | None = None, until: date | None = None) -> Labels:
    """The labels that there are to choose from."""
    wanted = span(since, until)
    wanted.check()
    return Labels(names=await portal.platform.labels.names(wanted.since, wanted.until))


@router.get("/admin/usage/labels/{name:path}", openapi_extra=_READ)
async def label_usage(
    portal: ThePortal, name: str, since: date | None = None, until: date | None = None, values: Values = None
) -> LabelUsage:
    """The usage by the values of one label; with `values` only what has one of them."""
    wanted = span(since, until)
    wanted.check()
    found = await portal.platform.labels.usage(name, wanted.since, wanted.until, values or None)
    rest = [] if found.unlabelled == Totals() else [Slice("", "", found.unlabelled)]
    return LabelUsage(
        total=usage_totals(found.total),
        values=breakdown_rows([*found.slices, *rest]),
        series=[TrendSeries(id=one.id, name=one.name, points=trend_points(one, wanted)) for one in found.series],
    )


@router.get("/admin/usage/label-export", response_class=Response, openapi_extra=_READ)
async def label_export(
    portal: ThePortal,
    name: str,
    since: date | None = None,
    until: date | None = None,
    values: Values = None,
    kind: Annotated[Literal["csv", "json"], Query(alias="format")] = "csv",
) -> Response:
    """The usage by the values of one label, as a file."""
    found = await label_usage(portal, name, since, until, values)
    rows = [row.model_dump(mode="json") for row in found.values]
    wanted = span(since, until)
    file = f"usage-by-label-{wanted.since}-{wanted.until}.{kind}"
    return attachment(file, csv_file(list(BreakdownRow.model_fields), rows) if kind == "csv" else rows)
