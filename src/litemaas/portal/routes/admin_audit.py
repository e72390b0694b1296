"""`/api/admin/audit`: who changed what."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel

from litemaas.domain.audit.search import AuditFilter, FoundEntry
from litemaas.domain.errors import InvalidInputError
from litemaas.portal.caller import ThePortal
from litemaas.portal.exporting import attachment, csv_file
from litemaas.portal.paging import Listing, Page
from litemaas.portal.permissions import Permission
from litemaas.portal.routing import needs, portal_router

router = portal_router("admin: audit")

_MOST_ROWS = 50_000
_ORDER = "at"


class AuditEntryView(BaseModel):
    """A change."""

    id: UUID
    at: datetime
    actor_id: str
    actor_name: str
    action: str
    subject_kind: str
    subject_id: str
    subject_name: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    address: str | None


def _filter(
    actor: str | None = None,
    action: str | None = None,
    subject_kind: str | None = None,
    subject_id: str | None = None,
    since: date | None = None,
    until: date | None = None,
    search: Annotated[str | None, Query(max_length=200)] = None,
) -> AuditFilter:
    return AuditFilter(
        actor=actor,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        since=datetime.combine(since, time(), UTC) if since else None,
        until=datetime.combine(until, time(), UTC) + timedelta(days=1) if until else None,
        search=search or None,
    )


Wanted = Annotated[AuditFilter, Depends(_filter)]


@router.get("/admin/audit", openapi_extra=needs(Permission.AUDIT_READ))
async def list_entries(portal: ThePortal, listing: Listing, wanted: Wanted) -> Page[AuditEntryView]:
    """The entries, the latest first."""
    sort_by, descending = listing.order(f"-{_ORDER}")
    if sort_by != _ORDER:
        raise InvalidInputError(f"sort must be {_ORDER}.", param="sort")
    found, total = await portal.audit.page(
        wanted, descending=descending, limit=listing.page_size, offset=listing.offset
    )
    return listing.of([_view(one) for one in found], total)


@router.get("/admin/audit/export", response_class=Response, openapi_extra=needs(Permission.AUDIT_READ))
async def export_entries(
    portal: ThePortal, wanted: Wanted, kind: Annotated[Literal["csv", "json"], Query(alias="format")] = "csv"
) -> Response:
    """The entries as a file."""
    found, _ = await portal.audit.page(wanted, limit=_MOST_ROWS)
    rows = [_view(one).model_dump(mode="json") for one in found]
    return attachment(f"audit.{kind}", csv_file(list(AuditEntryView.model_fields), rows) if kind == "csv" else rows)


def _view(found: FoundEntry) -> AuditEntryView:
    entry = found.entry
    after, before = entry.after or {}, entry.before or {}
    name = after.get("alias") or before.get("alias") or after.get("model_name") or before.get("model_name")
    return AuditEntryView(
        **{field: getattr(entry, field) for field in ("id", "at", "action", "subject_kind", "subject_id", "address")},
        actor_id=entry.actor,
        actor_name=found.actor_name or entry.actor,
        subject_name=str(name) if name else None,
        before=entry.before,
        after=entry.after,
    )
