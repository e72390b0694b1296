"""Keeps many streams open at once and notes when each begins and whether it comes whole.

Each connection asks again as soon as its stream has ended, so the number of streams stays the same; they begin spread
over the length of a stream.
"""

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from typing import cast

import uvloop

_HEAD_END = b"\r\n\r\n"
_STREAM_END = b"data: [DONE]\n\n"


@dataclass
class StreamCounts:
    """What the callers saw.

    Attributes:
        whole: streams that ended as they should.
        cut: streams that did not.
        refused: answers with another status than 200.
        first_ms: milliseconds from a request to the first event of its stream.
    """

    whole: int = 0
    cut: int = 0
    refused: int = 0
    first_ms: list[float] = field(default_factory=list)


class _Caller(asyncio.Protocol):
    """One connection with one stream after the other."""

    def __init__(self, request: bytes, until: float, counts: StreamCounts, ended: asyncio.Future[None]) -> None:
        self._request, self._until, self._counts, self._ended = request, until, counts, ended
        self._head, self._tail, self._asked_at, self._streaming = b"", b"", 0.0, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are no subclass of it
        self._ask()

    def data_received(self, data: bytes) -> None:
        if not self._streaming:
            self._head += data
            head, found, data = self._head.partition(_HEAD_END)
            if not found or not data:
                return
            self._counts.first_ms.append((time.perf_counter() - self._asked_at) * 1000)
            self._counts.refused += b" 200 " not in head[:16]
            self._streaming = True
        self._tail = (self._tail + data)[-64:]
        if _STREAM_END in self._tail and self._tail.endswith(b"0\r\n\r\n"):
            self._counts.whole += 1
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002  asyncio's signature
        self._counts.cut += bool(self._asked_at)
        if not self._ended.done():
            self._ended.set_result(None)

    def _ask(self) -> None:
        self._head, self._tail, self._streaming = b"", b"", False
        if time.perf_counter() > self._until:
            self._asked_at = 0.0
            self._transport.close()
            return
        self._asked_at = time.perf_counter()
        self._transport.write(self._request)


def keep_streams(port: int, request: bytes, streams: int, spread: float, seconds: float) -> StreamCounts:
    """Keep `streams` open for `seconds`, begun over `spread` seconds, and let the last ones end."""

    async def run() -> StreamCounts:
        loop, counts, until = asyncio.get_running_loop(), StreamCounts(), time.perf_counter() + spread + seconds
        ends = []
        for _ in range(streams):
            ends.append(ended := loop.create_future())
            await loop.create_connection(partial(_Caller, request, until, counts, ended), "127.0.0.1", port)
            await asyncio.sleep(spread / streams)
        await asyncio.gather(*ends)
        return counts

    return uvloop.run(run())
