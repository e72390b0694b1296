"""`/api/admin/usage/labels`: what cost centres, projects and the like used."""

from datetime import date

from pydantic import BaseModel

from litemaas.portal.caller import ThePortal
from litemaas.portal.permissions import Permission
from litemaas.portal.routing import needs, portal_router
from litemaas.portal.usage_fields import BreakdownRow, UsageTotals, breakdown_rows, span, usage_totals

router = portal_router("admin: usage")


class Labels(BaseModel):
    """Names of the labels that calls of this time had."""

    names: list[str]


class LabelUsage(BaseModel):
    """What all calls used, and what those with the label used, the dearest value first."""

    total: UsageTotals
    values: list[BreakdownRow]


@router.get("/admin/usage/labels", openapi_extra=needs(Permission.USAGE_READ))
async def labels(portal: ThePortal, since: date | None = None, until: date | None = None) -> Labels:
    """The labels that there are to choose from."""
    wanted = span(since, until)
    wanted.check()
    return Labels(names=await portal.platform.labels.names(wanted.since, wanted.until))


@router.get("/admin/usage/labels/{name:path}", openapi_extra=needs(Permission.USAGE_READ))
async def label_usage(portal: ThePortal, name: str, since: date | None = None, until: date | None = None) -> LabelUsage:
    """The usage by the values of one label."""
    wanted = span(since, until)
    wanted.check()
    found = await portal.platform.labels.by_value(name, wanted.since, wanted.until)
    return LabelUsage(total=usage_totals(await portal.usage.totals(wanted)), values=breakdown_rows(found))
