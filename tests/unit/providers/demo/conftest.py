"""What the tests of the demo's HTTP parts share."""

import asyncio
from collections import deque

import pytest


class Connection:
    """The server's end of an ASGI conversation: what the client sends, what it got, and its hanging up."""

    def __init__(self, *parts):
        self._parts = deque({"type": "http.request", "body": part, "more_body": True} for part in parts)
        self._parts.append({"type": "http.request", "body": b""})
        self.gone = asyncio.Event()
        self.sent = []

    async def receive(self):
        if self._parts:
            return self._parts.popleft()
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)

    async def run(self, application):
        await application({"type": "http"}, self.receive, self.send)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent)


@pytest.fixture
def connect():
    """Open a conversation: `connect(*parts_of_the_body)`."""
    return Connection
