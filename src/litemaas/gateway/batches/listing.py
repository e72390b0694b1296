"""Lists of a caller's own files or batches: which, we know; how they are, the upstreams that keep them."""

import asyncio
from typing import Any

import msgspec
from starlette.requests import Request

from litemaas.domain.errors import AccessDeniedError, NotFoundError
from litemaas.domain.rights import Rights
from litemaas.domain.upstream_objects.entities import Kind, UpstreamObject
from litemaas.gateway.batches.kept_app import KeptApp
from litemaas.gateway.batches.kept_paths import path_of, read_object
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.calls.kept_files import owner
from litemaas.gateway.calls.upstream_requests import UpstreamAnswer, ask
from litemaas.gateway.errors import BadRequestError
from litemaas.gateway.slow_lane.inference_app import QueuedClient
from litemaas.providers.errors import UpstreamError

_MOST = 100
_USUAL = 20
_AT_A_TIME = 10
_OK_BELOW = 300


class OwnList(KeptApp):
    """`GET /v1/files` and `GET /v1/batches`, the newest first."""

    def __init__(self, gateway: Gateway, kind: Kind) -> None:
        super().__init__(gateway)
        self._kind = kind

    async def answer(self, request: Request, rights: Rights, _: QueuedClient) -> UpstreamAnswer:
        """Ask for each what its upstream says; what an upstream no longer has is left out."""
        things = await self.objects.list(self._kind, owner(rights))
        limit, after = _limit(request), request.query_params.get("after")
        if after is not None:
            ids = [thing.id for thing in things]
            things = things[ids.index(after) + 1 :] if after in ids else []
        turn = asyncio.Semaphore(_AT_A_TIME)
        told = await asyncio.gather(*(self._ask(rights, thing, turn) for thing in things[:limit]))
        purpose = request.query_params.get("purpose")
        shown = [one for one in told if one and purpose in {None, one.get("purpose")}]
        page = {
            "object": "list",
            "data": shown,
            "has_more": len(things) > limit,
            "first_id": shown[0].get("id") if shown else None,
            "last_id": shown[-1].get("id") if shown else None,
        }
        return UpstreamAnswer(200, msgspec.json.encode(page))

    async def _ask(self, rights: Rights, thing: UpstreamObject, turn: asyncio.Semaphore) -> dict[str, Any]:
        async with turn:
            try:
                kept = self.keeper(rights, thing)
                if kept is None:
                    return {}
                answer = await ask(self.gateway, kept.target, "GET", path_of(self._kind, thing.id))
            except (UpstreamError, NotFoundError, AccessDeniedError):
                return {}
        return read_object(answer.body) if answer.status < _OK_BELOW else {}


def _limit(request: Request) -> int:
    text = request.query_params.get("limit")
    if text is None:
        return _USUAL
    if not text.isascii() or not text.isdigit() or int(text[:9]) == 0:
        raise BadRequestError(f"'limit' must be a whole number from 1 to {_MOST}.", param="limit")
    return min(int(text[:9]), _MOST)
