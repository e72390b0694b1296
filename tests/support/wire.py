"""HTTP by hand, for clients that do what no library would."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

PATIENCE = 20.0
"""Seconds after which a test that waits for something has failed."""

CHAT = "/v1/chat/completions"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> dict:
        return json.loads(self.body)["error"]


def post(
    body: object, key: str | None = None, *lines: str, path: str = CHAT, host: str | None = "gateway", version="1.1"
) -> bytes:
    """The bytes of a request; `body` is JSON unless it is bytes. `lines` may bring a `Content-Length` of their own."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = [f"POST {path} HTTP/{version}"]
    if host is not None:
        head.append(f"Host: {host}")
    if key is not None:
        head.append(f"Authorization: Bearer {key}")
    head += lines
    if not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in lines):
        head.append(f"Content-Length: {len(content)}")
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + content


def hello(model: str, **more: object) -> dict:
    """The body of a short chat."""
    return {"model": model, "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 20} | more


class Wire:
    """One connection to the gateway."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def ask(self, data: bytes) -> Answer:
        await self.send(data)
        return await self.answer()

    async def head(self) -> tuple[int, dict[str, str]]:
        async with asyncio.timeout(PATIENCE):
            first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
        return int(first.split(" ")[1]), {
            name.lower(): value for name, value in (line.split(": ", 1) for line in lines)
        }

    async def answer(self) -> Answer:
        """The next whole answer; `IncompleteReadError` if it breaks off."""
        async with asyncio.timeout(PATIENCE):
            status, headers = await self.head()
            if headers.get("transfer-encoding") == "chunked":
                pieces = []
                while piece := await self.chunk():
                    pieces.append(piece)
                body = b"".join(pieces)
            elif "content-length" in headers:
                body = await self.reader.readexactly(int(headers["content-length"]))
            else:
                body = await self.reader.read()
        return Answer(status, headers, body)

    async def chunk(self) -> bytes:
        """The next piece of a chunked body; empty at its end."""
        async with asyncio.timeout(PATIENCE):
            size = int(await self.reader.readuntil(b"\r\n"), 16)
            return (await self.reader.readexactly(size + 2))[:-2]

    async def rest(self) -> bytes:
        """All that comes until the other end closes the connection, gently or not."""
        received = bytearray()
        try:
            async with asyncio.timeout(PATIENCE):
                while piece := await self.reader.read(65536):
                    received += piece
        except ConnectionError:
            pass
        return bytes(received)

    def hang_up(self) -> None:
        self.writer.transport.abort()


@asynccontextmanager
async def wire_to(address: tuple[str, int], *, limit: int = 2**20) -> AsyncIterator[Wire]:
    """A connection; `limit` is how much is read ahead of the test."""
    reader, writer = await asyncio.open_connection(*address, limit=limit)
    try:
        yield Wire(reader, writer)
    finally:
        writer.transport.abort()
