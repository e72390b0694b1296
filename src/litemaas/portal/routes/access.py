"""`/api/access-requests` and their decision: asking for models that were not granted."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from litemaas.domain.access_requests.entities import RequestDetail, RequestFilter, RequestStatus
from litemaas.portal.caller import Acting, Caller, ThePortal
from litemaas.portal.fields import BulkOutcome, ItemResult, Name, Order, Text
from litemaas.portal.paging import Listing, ListQuery, Page
from litemaas.portal.permissions import Permission
from litemaas.portal.portal import Portal
from litemaas.portal.routes.catalogue import served
from litemaas.portal.routing import needs, portal_router

router = portal_router("access requests")

_MOST_AT_ONCE = 500


class RequestStep(BaseModel):
    """Something that happened to a request."""

    at: datetime
    actor_name: str
    status: RequestStatus
    reason: str | None


class AccessRequestView(BaseModel):
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
    history: list[RequestStep]


class Ask(Order):
    """A request for a model."""

    model: Name
    reason: Text | None = None


class AskAgain(Order):
    """Why a denial should be thought over."""

    reason: Text | None = None


class Decision(Order):
    """A decision on requests."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=_MOST_AT_ONCE)]
    decision: Literal["approve", "deny"]
    reason: Text | None = None


@router.post("/access-requests", openapi_extra=needs(Permission.ACCESS_ASK))
async def ask(portal: ThePortal, caller: Caller, actor: Acting, body: Ask) -> AccessRequestView:
    """Ask for a model."""
    return _view(await portal.requests.ask(actor, caller.user_id, served(portal, body.model), body.reason))


@router.get("/access-requests", openapi_extra=needs(Permission.OWN_READ))
async def own_requests(
    portal: ThePortal, caller: Caller, listing: Listing, status: RequestStatus | None = None
) -> Page[AccessRequestView]:
    """One's own requests."""
    return await _page(portal, listing, RequestFilter(user_id=caller.user_id, status=status, search=listing.search))


@router.delete("/access-requests/{request_id}", openapi_extra=needs(Permission.ACCESS_ASK))
async def withdraw(portal: ThePortal, caller: Caller, actor: Acting, request_id: UUID) -> AccessRequestView:
    """Take a request back."""
    return _view(await portal.requests.withdraw(actor, caller.user_id, request_id))


@router.post("/access-requests/{request_id}/review", openapi_extra=needs(Permission.ACCESS_ASK))
async def ask_again(
    portal: ThePortal, caller: Caller, actor: Acting, request_id: UUID, body: AskAgain
) -> AccessRequestView:
    """Ask to think again about a denial."""
    return _view(await portal.requests.review(actor, caller.user_id, request_id, body.reason))


@router.get("/admin/access-requests", openapi_extra=needs(Permission.REQUESTS_READ))
async def all_requests(
    portal: ThePortal,
    listing: Listing,
    status: RequestStatus | None = None,
    model: str | None = None,
    user_id: str | None = None,
) -> Page[AccessRequestView]:
    """The requests of everyone."""
    return await _page(
        portal, listing, RequestFilter(user_id=user_id, model=model, status=status, search=listing.search)
    )


@router.post("/admin/access-requests/decide", openapi_extra=needs(Permission.REQUESTS_DECIDE))
async def decide(portal: ThePortal, actor: Acting, body: Decision) -> BulkOutcome:
    """Approve or deny requests, each by itself; a decision may be turned round."""
    status = RequestStatus.APPROVED if body.decision == "approve" else RequestStatus.DENIED
    outcome = await portal.requests.decide(actor, body.ids, status, body.reason)
    results = [ItemResult(id=str(one), ok=error is None, error=error) for one, error in outcome.items()]
    return BulkOutcome(results=results)


async def _page(portal: Portal, listing: ListQuery, wanted: RequestFilter) -> Page[AccessRequestView]:
    sort_by, descending = listing.order("-created_at")
    found, total = await portal.requests.page(
        wanted, sort_by=sort_by, descending=descending, limit=listing.page_size, offset=listing.offset
    )
    return listing.of([_view(one) for one in found], total)


def _view(detail: RequestDetail) -> AccessRequestView:
    request = detail.request
    steps = [
        RequestStep(at=step.at, actor_name=step.actor, status=step.status, reason=step.reason)
        for step in detail.history
    ]
    return AccessRequestView(
        **{name: getattr(request, name) for name in type(request).__struct_fields__},
        user_name=detail.user_name,
        history=steps,
    )
