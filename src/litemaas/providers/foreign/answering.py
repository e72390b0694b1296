"""Runs a call of the library as a task and tells it to an `UpstreamCall`, which cannot see the difference to HTTP."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from litemaas.providers.errors import AnswerBroken, UpstreamError
from litemaas.providers.foreign.failures import read_failure
from litemaas.providers.upstream import AnswerHead, UpstreamCall

_JSON = AnswerHead.of(200, [(b"content-type", b"application/json")])
_EVENTS = AnswerHead.of(200, [(b"content-type", b"text/event-stream")])
_DONE = b"data: [DONE]\n\n"

_log = logging.getLogger(__name__)


class ForeignAnswer:
    """One answer as it comes. For the call it stands where a connection does.

    Args:
        call: Is told.
        pieces: The answer's JSON, see `Library.call`.
        streams: Each piece is an event of a stream.
    """

    def __init__(self, call: UpstreamCall, pieces: AsyncGenerator[bytes, None], *, streams: bool) -> None:
        self._call = call
        self._pieces = pieces
        self._streams = streams
        self._began = False
        self._flowing = asyncio.Event()
        self._flowing.set()
        call.sent_at = time.monotonic()
        self._task = asyncio.get_running_loop().create_task(self._run())

    def drop(self, call: UpstreamCall) -> None:
        """Stop: `call` wants nothing more."""
        call.connection = None
        self._task.cancel()

    def pause(self) -> None:
        """Ask for no more pieces."""
        self._flowing.clear()

    def resume(self) -> None:
        """Go on."""
        self._flowing.set()

    async def _run(self) -> None:
        call = self._call
        try:
            async with asyncio.timeout(call.timeouts.total):
                await self._relay()
        except Exception as error:  # noqa: BLE001 - whatever a provider's library raises
            if not call.cancelled:
                self._fail(error)
            return
        call.connection = None
        call.answer_ended()

    async def _relay(self) -> None:
        call = self._call
        patience = call.timeouts.first_byte
        async with aclosing(self._pieces) as pieces:
            while (piece := await _next(pieces, patience)) is not None:
                if not self._began:
                    self._began = True
                    call.answer_began(_EVENTS if self._streams else _JSON)
                call.answer_piece(b"data: %b\n\n" % piece if self._streams else piece)
                patience = call.timeouts.idle
                await self._flowing.wait()
        if self._streams:
            call.answer_piece(_DONE)

    def _fail(self, error: Exception) -> None:
        call = self._call
        call.connection = None
        failure = read_failure(error)
        if isinstance(failure, UpstreamError):
            _log.info("a foreign provider failed a call: %s", type(error).__name__)
            call.answer_failed(failure)
        elif self._began:
            call.answer_failed(AnswerBroken("The model's server broke off its answer."))
        else:
            call.answer_began(AnswerHead.of(failure.status, failure.headers))
            call.answer_piece(failure.body)
            call.answer_ended()


async def _next(pieces: AsyncGenerator[bytes, None], patience: float) -> bytes | None:
    async with asyncio.timeout(patience):
        return await anext(pieces, None)
