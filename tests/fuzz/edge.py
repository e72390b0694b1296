"""The edge: whatever bytes come, and however they are cut, one connection says and hands over the same."""

import asyncio
import contextlib
import re
import tempfile
from functools import cache
from pathlib import Path
from uuid import uuid4

import h11

from fuzz.cutting import Choices
from litemaas.domain.admission import AdmissionService
from litemaas.domain.budgets.service import BudgetService
from litemaas.domain.snapshot import Snapshot
from litemaas.domain.upstream_objects.service import UpstreamObjects
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.errors import BadRequestError
from litemaas.gateway.fast_lane.connection import Connection, Lane
from litemaas.gateway.http.request_head import RequestHead
from litemaas.providers.upstream import Upstreams
from litemaas.settings import read_settings
from litemaas.storage.journal import Journal
from litemaas.storage.vault import Vault

CHAT = b"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sk-x\r\nContent-Length: 2\r\n\r\n{}"
SEEDS = (
    CHAT + b"\x05\x09",
    CHAT + CHAT + b"\x01\x02",
    CHAT + b"GET / HTTP/1.1\r\nHost: a\r\n\r\n\x03\x07",
    b"GET /health/liveness HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n\x02\x30",
    b"POST /embeddings HTTP/1.0\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n\x09\x01",
    b"POST /v1/rerank HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n\x08\x02",
)
_IDS = re.compile(rb"x-request-id: [^\r]*\r\n")
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_TURNS = 3


class Wire(asyncio.Transport):
    """What a connection writes to, and whether it wants to read."""

    def __init__(self) -> None:
        super().__init__()
        self.written = bytearray()
        self.protocol: asyncio.BaseProtocol | None = None
        self.paused = self.closed = False

    def write(self, data: bytes) -> None:
        assert not self.closed, "written after the end"
        self.written += data

    def write_eof(self) -> None:
        self.closed = True

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol


class SlowLane(asyncio.Protocol):
    """Where connections are handed to."""

    def __init__(self) -> None:
        self.received = bytearray()

    def data_received(self, data: bytes) -> None:
        self.received += data


@cache
def _gateway() -> tuple[asyncio.AbstractEventLoop, Gateway]:
    settings = read_settings({"LITELLM_MASTER_KEY": "sk-master", "DATABASE_URL": "postgresql://nobody@127.0.0.1/none"})
    snapshot, budgets = Snapshot(None, Vault("salt")), BudgetService(None, uuid4(), 60.0)
    admissions = AdmissionService(snapshot, budgets, settings.requests, "sk-master", 1e18)
    journal = Journal(Path(tempfile.mkdtemp(prefix="fuzz-")) / "journal")
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop, Gateway(settings, admissions, journal, Upstreams(), UpstreamObjects(None))


def check(data: bytes) -> None:
    """Send bytes whole and in pieces."""
    pieces = Choices(data).pieces()
    loop, gateway = _gateway()
    whole = loop.run_until_complete(_said(gateway, [b"".join(pieces)]))
    assert loop.run_until_complete(_said(gateway, pieces)) == whole
    _check_head(b"".join(pieces))


async def _said(gateway: Gateway, pieces: list[bytes]) -> tuple[bytes, bytes, bool]:
    slow = SlowLane()
    lane = Lane(gateway, lambda: slow, lambda _: (200, b"{}"))
    wire, connection = Wire(), Connection(lane)
    wire.protocol = connection
    connection.connection_made(wire)
    for piece in pieces:
        for _ in range(_TURNS):
            if not wire.paused:
                break
            await asyncio.sleep(0)
        if wire.closed or wire.paused:
            break
        wire.protocol.data_received(piece)
        await asyncio.sleep(0)  # as in an event loop: what was put off comes before what is read next
    for _ in range(_TURNS * 4):
        await asyncio.sleep(0)
    closed = wire.closed
    if wire.protocol is connection:
        connection.connection_lost(None)
    written = _IDS.sub(b"", bytes(wire.written)).replace(_CONTINUE, b"")  # not needed where the body came along
    return written, bytes(slow.received), closed


def _check_head(data: bytes) -> None:
    """What we take for a request of some length, another server must not take for one of another length."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return
    try:
        head = RequestHead(data[: end + 4])
    except BadRequestError:
        return
    other = h11.Connection(h11.SERVER)
    with contextlib.suppress(h11.RemoteProtocolError):
        other.receive_data(data[: end + 4])
        request = other.next_event()
        if isinstance(request, h11.Request):
            lengths = [int(value) for name, value in request.headers if name == b"content-length"]
            chunked = any(name == b"transfer-encoding" for name, _ in request.headers)
            assert head.chunked == chunked
            assert chunked or head.length == (lengths or [0])[0]
