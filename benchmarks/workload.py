"""What is asked: the cells of the benchmark and the bytes of their requests.

A request is written out once as raw HTTP and both load generators send those bytes, so every contender gets exactly the
same call but for host, key and model name.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

SMALL_BODY = 585
LARGE_BODY = 7_700
LOW_RATE, OPEN_LOOP_RATE = 20, 500

SDK_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "keep-alive",
    "Content-Type": "application/json",
    "User-Agent": "OpenAI/Python 2.9.0",
    "X-Stainless-Arch": "x64",
    "X-Stainless-Async": "false",
    "X-Stainless-Lang": "python",
    "X-Stainless-OS": "Linux",
    "X-Stainless-Package-Version": "2.9.0",
    "X-Stainless-Read-Timeout": "600",
    "X-Stainless-Retry-Count": "0",
    "X-Stainless-Runtime": "CPython",
    "X-Stainless-Runtime-Version": "3.11.7",
}
PROSE = (
    "The harbour master keeps one book. Each ship that enters is written down with its draught, berth and hour; each "
    "that leaves is struck out in the same line. Nobody may moor who is not in the book, and nobody in the book pays "
    "twice. When two captains quarrel over a berth, the book is opened on the table between them and read aloud. "
)


class Load(StrEnum):
    """How requests are sent: each connection as fast as it is answered, or all at a fixed rate."""

    CLOSED = "closed"
    OPEN = "open"


@dataclass(frozen=True)
class Endpoint:
    """Where a contender serves one model.

    Attributes:
        url: base URL without `/v1`.
        key: the caller's credential; it is written to private files only.
        headers: what else this contender wants to be told with each call.
    """

    url: str
    model: str
    key: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """One kind of load.

    Attributes:
        title: how tables name it.
        connections: keep-alive connections, each with at most one request under way.
        body_bytes: exact size of the request's body.
        stream: ask for an event stream, from the paced upstream.
        rate: calls a second that an open loop sends.
    """

    name: str
    title: str
    load: Load
    connections: int
    body_bytes: int = SMALL_BODY
    stream: bool = False
    rate: int = 0


CALLS_32 = Cell("calls-32", "calls, 32 connections, 585 B", Load.CLOSED, 32)
CALLS_128 = Cell("calls-128", "calls, 128 connections, 585 B", Load.CLOSED, 128)
CALLS_LARGE = Cell("calls-32-large", "calls, 32 connections, 7.7 KB", Load.CLOSED, 32, LARGE_BODY)
STREAMS_32 = Cell("streams-32", "32 streams", Load.CLOSED, 32, stream=True)
STREAMS_128 = Cell("streams-128", "128 streams", Load.CLOSED, 128, stream=True)
RATE_20 = Cell("rate-20", f"{LOW_RATE} calls a second, 585 B", Load.OPEN, 64, rate=LOW_RATE)
RATE_500 = Cell("rate-500", f"{OPEN_LOOP_RATE} calls a second, 585 B", Load.OPEN, 64, rate=OPEN_LOOP_RATE)

CELLS = (CALLS_32, CALLS_128, CALLS_LARGE, STREAMS_32, STREAMS_128, RATE_20, RATE_500)
SLOW_CELLS = (CALLS_32, CALLS_LARGE, STREAMS_32, RATE_20)
"""What a gateway that manages some dozens of calls a second completes often enough within a few seconds."""
QUICK_CELLS = (CALLS_32, STREAMS_32, RATE_500)


def body(cell: Cell, model: str) -> bytes:
    """Return a chat completion request of exactly `cell.body_bytes` bytes."""
    options = {"stream": True, "stream_options": {"include_usage": True}} if cell.stream else {}

    def call(question: str) -> bytes:
        messages = [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": question},
        ]
        whole = {"messages": messages, "model": model, "temperature": 0.2, **options}
        return json.dumps(whole, separators=(",", ":")).encode()

    room = cell.body_bytes - len(call(""))
    return call((PROSE * (room // len(PROSE) + 1))[:room])


def raw_request(cell: Cell, endpoint: Endpoint) -> bytes:
    """Return the bytes of one call, with the headers that the OpenAI SDK for Python sends."""
    content = body(cell, endpoint.model)
    headers = {
        "Host": urlsplit(endpoint.url).netloc,
        **SDK_HEADERS,
        "Authorization": f"Bearer {endpoint.key}",
        **endpoint.headers,
        "Content-Length": str(len(content)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /v1/chat/completions HTTP/1.1\r\n{head}\r\n".encode() + content


def write_request(cell: Cell, endpoint: Endpoint, folder: Path) -> Path:
    """Write the call to a file of a private folder and return its path."""
    path = folder / f"{cell.name}.http"
    path.write_bytes(raw_request(cell, endpoint))
    return path
