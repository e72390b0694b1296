"""Adds up what the results of a batch say they used, line by line as they come."""

import asyncio

import msgspec
from msgspec import Raw, Struct

from litemaas.domain.serving import Target
from litemaas.gateway.batches.kept_paths import path_of
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.upstreams.heads import request_head, upstream_origin
from litemaas.gateway.upstreams.targets import timeouts_of
from litemaas.providers.errors import AnswerBroken, UpstreamError
from litemaas.providers.upstream import AnswerHead, Timeouts, UpstreamCall
from litemaas.providers.usage import Usage, read_usage

_OK_BELOW = 300
_MOST_LINE_BYTES = 64 * 1024 * 1024


class _Response(Struct):
    body: Raw = Raw()


class _Line(Struct):
    response: _Response | None = None


_line = msgspec.json.Decoder(_Line).decode


async def add_up_results(gateway: Gateway, target: Target, file_id: str | None) -> Usage:
    """The usage of all results in a file; none without a file.

    Raises:
        UpstreamError: The file cannot be read.
    """
    if file_id is None:
        return Usage()
    head = request_head(target, "GET", f"{path_of('file', file_id)}/content")
    call = _Results(head, timeouts_of(target, gateway.settings.upstream))
    gateway.upstreams.submit(upstream_origin(target), call)
    try:
        return await call.usage
    finally:
        call.cancel()


class _Results(UpstreamCall):
    def __init__(self, head: bytes, timeouts: Timeouts) -> None:
        super().__init__(head, timeouts)
        self.usage: asyncio.Future[Usage] = asyncio.get_running_loop().create_future()
        self._status = 0
        self._rest = b""
        self._sum = Usage()

    def answer_began(self, head: AnswerHead) -> None:
        self._status = head.status

    def answer_piece(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._add(line)
        if len(self._rest) > _MOST_LINE_BYTES:
            self.cancel()
            self.answer_failed(AnswerBroken("A result of the batch is too large."))

    def answer_ended(self) -> None:
        if self._status >= _OK_BELOW:
            self.answer_failed(AnswerBroken("The results of the batch cannot be read."))
        elif not self.usage.done():
            self._add(self._rest)
            self.usage.set_result(self._sum)

    def answer_failed(self, error: UpstreamError) -> None:
        if not self.usage.done():
            self.usage.set_exception(error)

    def _add(self, line: bytes) -> None:
        try:
            response = _line(line).response
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return  # an empty line
        usage = read_usage(bytes(response.body)) if response is not None and response.body else None
        if usage is not None:
            so_far = self._sum
            self._sum = Usage(
                so_far.input + usage.input,
                so_far.output + usage.output,
                so_far.cached_input + usage.cached_input,
                so_far.cache_write + usage.cache_write,
                so_far.reasoning + usage.reasoning,
            )
