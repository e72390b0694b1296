"""Requests for access: people ask, admins decide, and the user's grants follow."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from msgspec.structs import asdict, replace

from litemaas.domain.access.grants import opens
from litemaas.domain.access_requests import store
from litemaas.domain.access_requests.entities import AccessRequest, RequestDetail, RequestFilter, RequestStatus, Step
from litemaas.domain.access_requests.errors import RequestClosedError, RequestExistsError
from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.errors import InvalidInputError, LiteMaaSError
from litemaas.domain.serving import ServedModel
from litemaas.domain.users import rows
from litemaas.storage.postgres import Connection, Pool

_KIND = "access_request"


class AccessRequestService:
    """Requests for access to models."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def ask(self, actor: Actor, user_id: str, model: ServedModel, reason: str | None) -> RequestDetail:
        """Ask for a model, or ask again after a withdrawal.

        Raises:
            RequestExistsError: The user has the model, or asked for it already.
        """
        moment = datetime.now(UTC)
        async with self._pool.acquire() as connection, connection.transaction():
            user = await rows.find_user(connection, user_id, lock=True)
            if opens(user.models, model):
                raise RequestExistsError(f"You have the model {model.name!r} already.", param="model")
            present = await store.find_request(connection, user_id, model.name)
            if present is None:
                asked = AccessRequest(
                    id=uuid4(),
                    user_id=user_id,
                    model=model.name,
                    reason=reason,
                    status=RequestStatus.PENDING,
                    created_at=moment,
                )
                await store.add_request(connection, asked)
                await store.add_step(connection, asked.id, Step(moment, actor.name, asked.status, reason))
                await record(connection, actor, "ask", _KIND, asked.id, after=asdict(asked))
                return await store.read_detail(connection, asked)
            if present.status in {RequestStatus.PENDING, RequestStatus.DENIED}:
                raise RequestExistsError(
                    f"You asked for {model.name!r} already: {present.status}."
                    + (" Ask for a review." if present.status is RequestStatus.DENIED else ""),
                    param="model",
                )
            return await _move(connection, actor, present, RequestStatus.PENDING, reason)

    async def withdraw(self, actor: Actor, user_id: str, request_id: UUID) -> RequestDetail:
        """Take a request back that waits for a decision.

        Raises:
            RequestNotFoundError: The user has no such request.
            RequestClosedError: It was decided already.
        """
        return await self._move_own(actor, user_id, request_id, RequestStatus.WITHDRAWN, RequestStatus.PENDING, None)

    async def review(self, actor: Actor, user_id: str, request_id: UUID, reason: str | None) -> RequestDetail:
        """Ask to think again about a denial.

        Raises:
            RequestNotFoundError: The user has no such request.
            RequestClosedError: It was not denied.
        """
        return await self._move_own(actor, user_id, request_id, RequestStatus.PENDING, RequestStatus.DENIED, reason)

    async def decide(
        self, actor: Actor, ids: Sequence[UUID], status: RequestStatus, reason: str | None
    ) -> dict[UUID, str | None]:
        """Approve or deny requests, each by itself; a decision may also be turned round.

        Returns:
            Why it could not be done, or None, by request.

        Raises:
            InvalidInputError: A denial gives no reason.
        """
        if status is RequestStatus.DENIED and not reason:
            raise InvalidInputError("Say why.", param="reason")
        outcome: dict[UUID, str | None] = {}
        for one in dict.fromkeys(ids):
            try:
                await self._decide(actor, one, status, reason)
            except LiteMaaSError as error:
                outcome[one] = error.message
            else:
                outcome[one] = None
        return outcome

    async def page(
        self, wanted: RequestFilter, *, sort_by: str, descending: bool, limit: int, offset: int
    ) -> tuple[list[RequestDetail], int]:
        """One page of requests, and how many there are on all pages.

        Raises:
            InvalidInputError: Requests cannot be sorted by `sort_by`.
        """
        if sort_by not in store.SORTABLE:
            raise InvalidInputError(f"sort must be one of {', '.join(store.SORTABLE)}.", param="sort")
        async with self._pool.acquire() as connection:
            return await store.list_requests(
                connection, wanted, sort_by=sort_by, descending=descending, limit=limit, offset=offset
            )

    async def statuses_of(self, user_id: str) -> dict[str, RequestStatus]:
        """Where the requests of a user stand, by model."""
        async with self._pool.acquire() as connection:
            return await store.statuses_of(connection, user_id)

    async def count_pending(self, user_id: str | None = None) -> int:
        """How many requests wait for a decision, of one user or of all."""
        async with self._pool.acquire() as connection:
            return await store.count_pending(connection, user_id)

    async def _move_own(
        self,
        actor: Actor,
        user_id: str,
        request_id: UUID,
        status: RequestStatus,
        expected: RequestStatus,
        reason: str | None,
    ) -> RequestDetail:
        async with self._pool.acquire() as connection, connection.transaction():
            request = await store.lock_request(connection, request_id, user_id)
            if request.status is not expected:
                raise RequestClosedError(f"The request is {request.status}.", param="id")
            return await _move(connection, actor, request, status, reason)

    async def _decide(self, actor: Actor, request_id: UUID, status: RequestStatus, reason: str | None) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            request = await store.lock_request(connection, request_id)
            if request.status in {status, RequestStatus.WITHDRAWN}:
                raise RequestClosedError(f"The request is {request.status}.", param="id")
            await _grant(connection, actor, request, granted=status is RequestStatus.APPROVED)
            await _move(connection, actor, request, status, reason)


async def _move(
    connection: Connection, actor: Actor, request: AccessRequest, status: RequestStatus, reason: str | None
) -> RequestDetail:
    moment = datetime.now(UTC)
    decided = status in {RequestStatus.APPROVED, RequestStatus.DENIED}
    moved = replace(
        request,
        status=status,
        reason=request.reason if decided or reason is None else reason,
        decision_reason=reason if decided else None,
        decided_at=moment if decided else None,
    )
    await store.save_request(connection, moved)
    await store.add_step(connection, request.id, Step(moment, actor.name, status, reason))
    await record(connection, actor, status.value, _KIND, request.id, before=asdict(request), after=asdict(moved))
    return await store.read_detail(connection, moved)


async def _grant(connection: Connection, actor: Actor, request: AccessRequest, *, granted: bool) -> None:
    """Let the user's grants name the model, or no longer; keys follow, as they are bound by them."""
    user = await rows.find_user(connection, request.user_id, lock=True)
    models = [model for model in user.models if model != request.model]
    if granted:
        models.append(request.model)
    if models != user.models:
        await rows.save_user(connection, replace(user, models=models))
        told = {"before": {"models": user.models}, "after": {"models": models}}
        await record(connection, actor, "update", "user", user.id, **told)
