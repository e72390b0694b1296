"""`/audit`: who changed what, in LiteLLM's shape."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from msgspec import Struct
from pydantic import AwareDatetime, BaseModel, Field

from litemaas.domain.audit.entities import AuditEntry
from litemaas.domain.audit.search import AuditFilter
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, AnyPlatform
from litemaas.gateway.management.fields import Text
from litemaas.gateway.management.paging import PageNumber, page_count
from litemaas.gateway.management.rendering import answers, render

router = APIRouter(tags=["audit"], dependencies=ADMINISTRATORS_ONLY)


class AuditQuery(BaseModel):
    """Query of `/audit`."""

    changed_by: Text | None = Field(default=None, description="A user's id, or what an operator's key is called")
    action: Text | None = None
    table_name: Text | None = Field(default=None, description="Kind of what was changed, e.g. key, user, model")
    object_id: Text | None = None
    start_date: AwareDatetime | None = Field(default=None, description="First moment")
    end_date: AwareDatetime | None = Field(default=None, description="The first moment that is too late")
    page: PageNumber = 1
    page_size: Annotated[int, Field(ge=1, le=1000)] = 50

    def filter(self) -> AuditFilter:
        """Which entries are wanted."""
        return AuditFilter(
            actor=self.changed_by,
            action=self.action,
            subject_kind=self.table_name,
            subject_id=self.object_id,
            since=self.start_date,
            until=self.end_date,
        )


class AuditRow(Struct, kw_only=True):
    """A change."""

    id: UUID
    updated_at: datetime
    changed_by: str
    action: str
    table_name: str
    object_id: str
    before_value: dict[str, Any] | None
    updated_values: dict[str, Any] | None
    address: str | None


class AuditPage(Struct, kw_only=True):
    """Answer of `/audit`."""

    audit_logs: list[AuditRow]
    total: int
    page: int
    page_size: int
    total_pages: int


@router.get("/audit", responses=answers(AuditPage))
async def audit_entries(platform: AnyPlatform, query: Annotated[AuditQuery, Query()]) -> Response:
    """One page of changes, the latest first."""
    found, total = await platform.audit.page(
        query.filter(), limit=query.page_size, offset=(query.page - 1) * query.page_size
    )
    return render(
        AuditPage(
            audit_logs=[_row(one.entry) for one in found],
            total=total,
            page=query.page,
            page_size=query.page_size,
            total_pages=page_count(total, query.page_size),
        )
    )


def _row(entry: AuditEntry) -> AuditRow:
    return AuditRow(
        id=entry.id,
        updated_at=entry.at,
        changed_by=entry.actor,
        action=entry.action,
        table_name=entry.subject_kind,
        object_id=entry.subject_id,
        before_value=entry.before,
        updated_values=entry.after,
        address=entry.address,
    )
