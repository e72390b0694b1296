"""Server-sent events: their data out of a stream in whatever pieces it comes, and events of our own."""

from collections.abc import Iterator
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode


class EventSplitter:
    """Collects pieces of a stream until events are whole."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The data of each event that is whole with this piece (WHATWG HTML, 9.2.6)."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].strip()


def event(name: str, fields: dict[str, Any]) -> bytes:
    """An event with a name, whose data is JSON."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), _encode(fields))
