"""Lets guardrails see the calls that they are bound to. A gateway without any does not have this interceptor at all."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from msgspec import Raw

from litemaas.domain.guardrails.detectors import detector_of
from litemaas.domain.guardrails.entities import Action, Guardrail, Kind, Side
from litemaas.domain.guardrails.errors import GuardrailFailedError
from litemaas.domain.guardrails.tally import Tally
from litemaas.domain.rights import Permit, Rights
from litemaas.gateway.calls.client import Client
from litemaas.gateway.calls.interceptors import Answer, Call
from litemaas.gateway.endpoints.rows import EMBEDDINGS, RESPONSES
from litemaas.gateway.guardrails.bodies import json_texts, read_answer, read_request
from litemaas.gateway.guardrails.client import GuardedClient, WatchedClient
from litemaas.gateway.guardrails.events import EventReader
from litemaas.gateway.guardrails.readers import Guard, Guards
from litemaas.gateway.guardrails.values import ValueReader

_SECONDS = 10.0
"""For one side of one call; what takes longer does not pass."""
_MOST_AT_ONCE = 16 * 1024
"""Bytes that quick guardrails read at once, without a thread: some milliseconds at most."""
_MOST_KNOWN = 10_000
_ORDER = (Action.LOG, Action.BLOCK, Action.MASK)
_FALSE = Raw(b"false")
_Definition = tuple[str, ...]
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Guardrails:
    """An interceptor; it stands next to the client, so that cached answers are seen, too.

    Args:
        guardrails: All that there are.
        tally: Counts what they find.
        threads: Read what takes longer.
    """

    def __init__(self, guardrails: Sequence[Guardrail], tally: Tally, threads: ThreadPoolExecutor) -> None:
        self._guardrails = sorted(guardrails, key=lambda one: (_ORDER.index(one.action), one.name))
        self._tally = tally
        self._threads = threads
        self._ready: dict[_Definition, asyncio.Future[Guard | None]] = {}
        self._chosen: dict[tuple[str | None, str | None, tuple[str, ...]], tuple[Guardrail, ...]] = {}

    def renewed(self, guardrails: Sequence[Guardrail]) -> "Guardrails":
        """The interceptor of other guardrails; those that look for the same as before are ready at once."""
        fresh = Guardrails(guardrails, self._tally, self._threads)
        definitions = {_definition(one) for one in guardrails}
        fresh._ready = {one: ready for one, ready in self._ready.items() if one in definitions}
        return fresh

    def applies(self, rights: Rights, permit: Permit) -> bool:
        """Tell whether any guardrail is bound to this key, its team, this model or everything."""
        return bool(self._bound_to(rights, permit))

    async def before(self, call: Call) -> Answer | None:
        """Read what is asked, and see to it that a whole answer will be read.

        Raises:
            GuardrailBlockedError: It may not pass.
            GuardrailFailedError: A guardrail could not read it.
            BadRequestError: It is no JSON that can be read.
        """
        guards = await self._guards(call, Side.INPUT)
        if guards is not None:
            request = call.request
            size = sum(len(bytes(raw)) for raw in request.fields.values())
            call.request = await self._run(partial(read_request, request, guards), guards, size)
        guards = await self._guards(call, Side.OUTPUT)
        if guards is not None and _tells_text(call):
            values = ValueReader(guards, json_texts(call.request), answers=True)

            async def read(body: bytes) -> bytes:
                return await self._run(partial(read_answer, body, values, guards), guards, len(body))

            call.reviews.append(read)
            if guards.holds and call.endpoint is RESPONSES:
                call.request.fields["store"] = _FALSE  # it could be read there as it is
        return None

    def wrap(self, call: Call, client: Client) -> Client:
        """Read a stream as it comes."""
        guards = self._guards_at_hand(call, Side.OUTPUT)
        if guards is None or not call.request.stream or not _tells_text(call):
            return client
        values = ValueReader(guards, json_texts(call.request), answers=True)
        events = EventReader(values)
        return GuardedClient(client, events, call.stop) if guards.holds else WatchedClient(client, events)

    def _bound_to(self, rights: Rights, permit: Permit) -> tuple[Guardrail, ...]:
        key = rights.key
        routing = permit.model.group.routing
        models = (permit.model.name, *routing.fallbacks, *routing.context_window_fallbacks)  # it may come to any
        whose = (str(key.id) if key and key.id else None, key.team_id if key else None, models)
        chosen = self._chosen.get(whose)
        if chosen is None:
            if len(self._chosen) >= _MOST_KNOWN:
                self._chosen.clear()
            chosen = self._chosen[whose] = tuple(one for one in self._guardrails if one.guards(*whose))
        return chosen

    async def _guards(self, call: Call, side: Side) -> Guards | None:
        bound = [one for one in self._bound_to(call.rights, call.permit) if side in one.sides]
        return self._made(call, side, [await self._guard(one) for one in bound])

    def _guards_at_hand(self, call: Call, side: Side) -> Guards | None:
        """The same, when `_guards` was awaited before."""
        bound = [one for one in self._bound_to(call.rights, call.permit) if side in one.sides]
        return self._made(call, side, [self._ready[_definition(one)].result() for one in bound])

    def _made(self, call: Call, side: Side, guards: Sequence[Guard | None]) -> Guards | None:
        if not guards:
            return None
        key = call.rights.key
        whose = f"key {key.id} to {call.permit.model.name}" if key else f"the master key to {call.permit.model.name}"
        return Guards([one for one in guards if one is not None], side, self._tally, whose)

    async def _guard(self, guardrail: Guardrail) -> Guard | None:
        """Make a guardrail ready, once; None: it only logs, and cannot.

        Raises:
            GuardrailFailedError: It cannot be made ready here.
        """
        definition = _definition(guardrail)
        ready = self._ready.get(definition)
        if ready is None:
            ready = self._ready[definition] = asyncio.ensure_future(self._make(guardrail))
        return await asyncio.shield(ready)

    async def _make(self, guardrail: Guardrail) -> Guard | None:
        try:
            detector = await asyncio.get_running_loop().run_in_executor(self._threads, detector_of, guardrail)
        except Exception as error:
            _log.exception("guardrail %s cannot be used on this replica", guardrail.name)
            self._tally.failed(guardrail.name, error)
            if guardrail.action is Action.LOG:
                return None
            raise GuardrailFailedError(
                f"The guardrail {guardrail.name!r} cannot look at calls here, so they do not pass."
            ) from error
        return Guard(guardrail.name, guardrail.action, detector, quick=guardrail.kind is not Kind.PERSONAL_DATA)

    async def _run(self, read: Callable[[], _T], guards: Guards, size: int) -> _T:
        """Read at once what is short, else in a thread, for a bounded time.

        Raises:
            GuardrailFailedError: It took too long.
        """
        if guards.quick and size <= _MOST_AT_ONCE:
            return read()
        reading = asyncio.get_running_loop().run_in_executor(self._threads, read)
        try:
            async with asyncio.timeout(_SECONDS):
                return await reading
        except TimeoutError as error:
            raise GuardrailFailedError("Guardrails took too long to look at this call, so it does not pass.") from error


def _definition(guardrail: Guardrail) -> _Definition:
    """What a guard is made of."""
    looked_for = (*guardrail.patterns, "", *guardrail.entities)
    return (guardrail.name, guardrail.kind, guardrail.action, *looked_for)


def _tells_text(call: Call) -> bool:
    """Tell whether an answer has text: speech and vectors have none."""
    return not call.endpoint.relays and call.endpoint is not EMBEDDINGS
