"""`/access_request/*`: who asks for a model that was not granted, and what they are told."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from msgspec import Struct
from pydantic import BaseModel, Field

from litemaas.domain.access_requests.entities import RequestDetail, RequestFilter, RequestStatus, Step
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, Administrator, AnyPlatform
from litemaas.gateway.management.fields import ManagementRequest, OptionalText, Text
from litemaas.gateway.management.paging import PageNumber, page_count
from litemaas.gateway.management.rendering import answers, render
from litemaas.gateway.management.routing import ManagementRoute

router = APIRouter(tags=["access requests"], route_class=ManagementRoute)

_MOST_AT_ONCE = 500


class RequestQuery(BaseModel):
    """Query of `/access_request/list`."""

    status: RequestStatus | None = None
    user_id: Text | None = None
    model: Text | None = None
    page: PageNumber = 1
    page_size: Annotated[int, Field(ge=1, le=1000)] = 50


class DecideRequests(ManagementRequest):
    """Body of `/access_request/decide`."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=_MOST_AT_ONCE)]
    decision: Literal["approve", "deny"]
    reason: OptionalText = Field(default=None, description="What the asker reads; a denial needs one")


class RequestRow(Struct, kw_only=True):
    """A request, with its history, the oldest step first."""

    id: UUID
    user_id: str
    user_name: str
    model: str
    reason: str | None
    status: RequestStatus
    decision_reason: str | None
    created_at: datetime
    decided_at: datetime | None
    history: list[Step]


class RequestPage(Struct, kw_only=True):
    """Answer of `/access_request/list`."""

    access_requests: list[RequestRow]
    total: int
    page: int
    page_size: int
    total_pages: int


class DecisionRow(Struct):
    """What became of the decision on one request; `error` says why nothing did."""

    id: UUID
    error: str | None


class Decisions(Struct):
    """Answer of `/access_request/decide`."""

    results: list[DecisionRow]


@router.get("/access_request/list", dependencies=ADMINISTRATORS_ONLY, responses=answers(RequestPage))
async def list_access_requests(platform: AnyPlatform, query: Annotated[RequestQuery, Query()]) -> Response:
    """One page of requests, the latest first."""
    found, total = await platform.requests.page(
        RequestFilter(user_id=query.user_id, model=query.model, status=query.status),
        sort_by="created_at",
        descending=True,
        limit=query.page_size,
        offset=(query.page - 1) * query.page_size,
    )
    return render(
        RequestPage(
            access_requests=[_row(one) for one in found],
            total=total,
            page=query.page,
            page_size=query.page_size,
            total_pages=page_count(total, query.page_size),
        )
    )


@router.post("/access_request/decide", responses=answers(Decisions))
async def decide_access_requests(platform: AnyPlatform, actor: Administrator, body: DecideRequests) -> Response:
    """Approve or deny requests, each by itself; an approval grants the model, a decision may be turned round."""
    status = RequestStatus.APPROVED if body.decision == "approve" else RequestStatus.DENIED
    outcome = await platform.requests.decide(actor, body.ids, status, body.reason)
    return render(Decisions([DecisionRow(one, error) for one, error in outcome.items()]))


def _row(detail: RequestDetail) -> RequestRow:
    request = detail.request
    return RequestRow(
        **{name: getattr(request, name) for name in request.__struct_fields__},
        user_name=detail.user_name,
        history=detail.history,
    )
