"""Passes a stream of server-sent events on as it comes, and keeps the usage that it tells.

Only whole events are passed on, so that an event that we asked for and the client did not can be left out. That costs
nothing: servers send whole events. What is counted besides is an estimate of the tokens, for a stream that tells no
usage, or that the client did not wait for: one for each event, as most servers send them, and by its text for one that
has more. Else whoever hangs up just before the end would pay a part. To look into few events is enough: one that is no
longer than what comes with a text and the longest token is one token.
"""

import re
from itertools import pairwise

import msgspec
from msgspec import Raw, Struct

from litemaas.gateway.endpoints.estimates import LONGEST_TOKEN_BYTES, added_text, tokens_of
from litemaas.providers.usage import Usage
from litemaas.providers.usage_events import EventReader, read_chat_event

_MAX_EVENT_BYTES = 4 * 1024 * 1024
_ENDS = (b"\n\n", b"\n\r\n")
"""A blank line ends an event, and each line may end in either way, also within one stream."""
_LONGEST_END = 3
_END = re.compile(rb"\n\r?\n")
_MARK = b'"usage"'
_NULLS = (b'"usage":null', b'"usage": null')


class _Event(Struct):
    choices: list[Raw] | None = None


_event = msgspec.json.Decoder(_Event)


class StreamReader:
    """Reads one stream.

    Args:
        hides_usage: The client did not ask for the event that tells the usage.
        read_event: Reads usage in an event.

    Attributes:
        usage: The last one told.
        tokens: Of the output passed on, by our count.
    """

    __slots__ = ("_hides_usage", "_one_token_bytes", "_read_event", "_rest", "_rest_size", "_tail", "tokens", "usage")

    def __init__(self, *, hides_usage: bool, read_event: EventReader = read_chat_event) -> None:
        self.usage: Usage | None = None
        self.tokens = 0
        self._one_token_bytes = 0  # no event of one token is longer, as far as we have seen
        self._hides_usage = hides_usage
        self._read_event = read_event
        self._rest: list[bytes] = []  # pieces of an event that has not ended
        self._rest_size = 0
        self._tail = b""  # the rest's last bytes: an end may lie across two pieces

    def feed(self, data: bytes) -> bytes:
        """Take a piece of the stream; returns what is to be passed on now."""
        if self._rest:
            if not _last_end(self._tail + data) and self._rest_size + len(data) <= _MAX_EVENT_BYTES:
                self._keep(data)
                return b""
            data = self._take_rest() + data
        if not data.endswith(_ENDS):
            cut = _last_end(data)
            if not cut and len(data) > _MAX_EVENT_BYTES:
                cut = len(data)
            if cut < len(data):
                self._keep(data[cut:])
            data = data[:cut]
        if data.find(_MARK) >= 0 and data.count(_MARK) != sum(data.count(null) for null in _NULLS):
            data = self._read_usage(data)
        events = data.count(b"data:")
        if len(data) <= events * self._one_token_bytes:
            self.tokens += events
        else:
            self._count(data)
        return data

    def flush(self) -> bytes:
        """The rest, when the stream is over."""
        rest = self._take_rest()
        return self._read_usage(rest) if _MARK in rest else rest

    def _keep(self, data: bytes) -> None:
        """Keep a piece as it is: to join all of them each time would take ever longer, as a picture comes."""
        self._rest.append(data)
        self._rest_size += len(data)
        self._tail = (self._tail + data)[-_LONGEST_END + 1 :]

    def _take_rest(self) -> bytes:
        rest = b"".join(self._rest)
        self._rest, self._rest_size, self._tail = [], 0, b""
        return rest

    def _count(self, data: bytes) -> None:
        for event in _split(data):
            content = event.partition(b"data:")[2]
            if content:
                text = added_text(content)
                self.tokens += tokens_of(text)
                if 0 < text <= LONGEST_TOKEN_BYTES:
                    longest = len(event) - text + LONGEST_TOKEN_BYTES
                    self._one_token_bytes = min(self._one_token_bytes or longest, longest)

    def _read_usage(self, data: bytes) -> bytes:
        kept = []
        for event in _split(data):
            content = event.partition(b"data:")[2].strip()
            if _MARK in content:
                usage = self._read_event(content, self.usage)
                if usage is not None:
                    self.usage = usage
                    if self._hides_usage and _has_no_choices(content):
                        kept.append(event[: -len(event.lstrip(b"\r\n"))])  # a blank line too many is the one before's
                        continue
            kept.append(event)
        return b"".join(kept)


def _last_end(data: bytes) -> int:
    """Where the last whole event ends; 0 if none does."""
    return max((data.rfind(end) + len(end) for end in _ENDS if end in data), default=0)


def _split(data: bytes) -> list[bytes]:
    cuts = [0, *(found.end() for found in _END.finditer(data))]
    if cuts[-1] != len(data):
        cuts.append(len(data))
    return [data[start:end] for start, end in pairwise(cuts)]


def _has_no_choices(content: bytes) -> bool:
    try:
        return _event.decode(content).choices == []
    except msgspec.DecodeError:
        return False
