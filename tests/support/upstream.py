"""A model server on a free port that answers as a test tells it, also as no server should.

It writes raw bytes, so that it can misbehave, and records what it got: requests, connections, and calls whose client
hung up before the answer was complete. What it answers is a *script*: a coroutine function that gets the `Call`.
"""

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}

PATIENCE = 20.0
"""Seconds after which a test that waits for something has failed."""


class Call:
    """One request, and the means to answer it."""

    def __init__(self, head: bytes, body: bytes, writer: asyncio.StreamWriter) -> None:
        self.head = head
        self.body = body
        self._writer = writer

    @property
    def json(self) -> dict:
        return json.loads(self.body)

    @property
    def path(self) -> str:
        return self.head.split(b" ", 2)[1].decode()

    @property
    def headers(self) -> dict[str, str]:
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines) if name}

    async def send(self, data: bytes) -> None:
        """Write now; returns when the other end has taken nearly all of it."""
        self._writer.write(data)
        await self._writer.drain()

    def close(self) -> None:
        self._writer.close()

    def reset(self) -> None:
        """Break the connection as a crashing host does, so that the other end sees an error."""
        connection = self._writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


Script = Callable[[Call], Awaitable[None]]


@dataclass
class Upstream:
    """The server.

    Attributes:
        script: Answers every call, until a test sets another.
        accepted: Connections so far.
        aborted: Calls whose client hung up before the script had ended.
        closed: Connections that are over, whoever ended them.
    """

    script: Script
    address: str = ""
    scheme: str = "http"
    calls: list[Call] = field(default_factory=list)
    accepted: int = 0
    aborted: int = 0
    closed: int = 0
    _waiting: list[tuple[Callable[[], bool], asyncio.Future]] = field(default_factory=list)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.address}/v1"

    def forget(self) -> None:
        """Begin anew to count, for the next test."""
        self.calls.clear()
        self.accepted = self.aborted = self.closed = 0

    async def until(self, what: Callable[[], bool]) -> None:
        """Wait until `what()`, which looks at our counters, is true."""
        happened = asyncio.get_running_loop().create_future()
        self._waiting.append((what, happened))
        self._tell()
        async with asyncio.timeout(PATIENCE):
            await happened

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        self.accepted += 1
        self._tell()
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                while not writer.is_closing():
                    await self._serve_one(reader, writer)
        finally:
            writer.close()
            self._writers.discard(writer)
            self.closed += 1
            self._tell()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        call = Call(head, b"", writer)
        call.body = await reader.readexactly(int(call.headers.get("content-length", "0")))
        self.calls.append(call)
        answering = asyncio.ensure_future(self.script(call))
        hanging_up = asyncio.ensure_future(reader.read(1))  # a client sends nothing before it has its answer
        self._tell()
        await asyncio.wait((answering, hanging_up), return_when=asyncio.FIRST_COMPLETED)
        answered = answering.done() and not answering.exception()
        if hanging_up.done() and not answered:
            self.aborted += 1
            writer.close()
        answering.cancel()
        hanging_up.cancel()
        await asyncio.gather(answering, hanging_up, return_exceptions=True)
        self._tell()

    async def stop(self) -> None:
        """Close all connections, which ends what is going on on them."""
        for writer in self._writers.copy():
            writer.transport.abort()
        await self.until(lambda: not self._writers)

    def _tell(self) -> None:
        for what, happened in self._waiting:
            if not happened.done() and what():
                happened.set_result(None)
        self._waiting = [one for one in self._waiting if not one[1].done()]


@asynccontextmanager
async def running_upstream(script: Script | None = None, tls: ssl.SSLContext | None = None) -> AsyncIterator[Upstream]:
    upstream = Upstream(script or chat(), scheme="https" if tls else "http")
    server = await asyncio.start_server(upstream.serve, "127.0.0.1", 0, ssl=tls, backlog=1000)
    upstream.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield upstream
    finally:
        server.close()
        await upstream.stop()


# --- answers ---


def http(body: bytes, status: str = "200 OK", content_type: str = "application/json", *lines: str) -> bytes:
    """A whole answer; a `Content-Length` among `lines` stands instead of the right one."""
    if not any(line.lower().startswith("content-length") for line in lines):
        lines += (f"Content-Length: {len(body)}",)
    head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Type: {content_type}", *lines))
    return head.encode() + b"\r\n\r\n" + body


def completion(content: str = "Hello.", usage: dict | None = USAGE) -> bytes:
    """The JSON of a chat completion."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "text": content, "finish_reason": "stop"}
    answer = {"id": "c-1", "object": "chat.completion", "created": 1, "model": "upstream-name", "choices": [choice]}
    return json.dumps(answer | ({} if usage is None else {"usage": usage})).encode()


def embedding(usage: dict | None = USAGE) -> bytes:
    """The JSON of an embeddings answer."""
    vector = {"object": "embedding", "index": 0, "embedding": [0.5, -0.25]}
    return json.dumps({"object": "list", "model": "upstream-name", "data": [vector], "usage": usage}).encode()


def chunk(content: str | None = None, **more: object) -> dict:
    """One chunk of a chat stream; without content it has no choices."""
    choices = [] if content is None else [{"index": 0, "delta": {"content": content}, "finish_reason": None}]
    head = {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "upstream-name"}
    return head | {"choices": choices} | more


DONE = b"data: [DONE]\n\n"


def events(*chunks: dict, end: bytes = b"\n\n") -> bytes:
    """Server-sent events, with `[DONE]`."""
    lines = [b"data: " + json.dumps(one).encode() for one in chunks] + [b"data: [DONE]"]
    return b"".join(line + end for line in lines)


STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def framed(piece: bytes) -> bytes:
    """A piece of a chunked body; the empty one ends it."""
    return b"%x\r\n%b\r\n" % (len(piece), piece)


# --- scripts ---


def raw(*pieces: bytes, close: bool = False) -> Script:
    """Write `pieces`, one by one, whatever they are."""

    async def script(call: Call) -> None:
        for piece in pieces:
            await call.send(piece)
        if close:
            call.close()

    return script


def chat(content: str = "Hello.", usage: dict | None = USAGE) -> Script:
    """Answer what was asked: a chat, a stream with its usage if that was asked for, or an embedding."""

    async def script(call: Call) -> None:
        if call.path.endswith("/embeddings"):
            await call.send(http(embedding(usage)))
        elif call.json.get("stream"):
            wants_usage = (call.json.get("stream_options") or {}).get("include_usage")
            last = [chunk(usage=usage)] if wants_usage and usage else []
            await call.send(STREAM_HEAD + framed(events(*map(chunk, content), *last)) + framed(b""))
        else:
            await call.send(http(completion(content, usage)))

    return script


def stream(*pieces: bytes) -> Script:
    """Stream a body in these pieces."""
    return raw(STREAM_HEAD, *map(framed, pieces), framed(b""))


def hanging(*pieces: bytes) -> Script:
    """Write `pieces`, and then nothing any more."""

    async def script(call: Call) -> None:
        for piece in pieces:
            await call.send(piece)
        await asyncio.Event().wait()

    return script
