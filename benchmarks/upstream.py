"""The model server that every contender forwards to: `upstream_stub.c` as a Python context manager.

Its counters are what makes a measurement trustworthy: they tell how many calls really reached the upstream and over how
many connections.
"""

import json
import subprocess
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx
import msgspec

from benchmarks import native

PROMPT_TOKENS, COMPLETION_TOKENS = 120, 50
"""The usage that every answer states."""
STREAM_EVENTS = 52
"""Events in a stream: 50 of content, the usage, `[DONE]`."""
TICK_SECONDS = 0.002
STREAM_TEXT = "".join(f" word-{number:02}" for number in range(COMPLETION_TOKENS))
"""What the events of content say together."""


@dataclass(frozen=True)
class Counters:
    """What the upstream has served so far.

    Attributes:
        connections: connections that carried at least one inference request.
        open: connections open now, this question's included.
        requests: inference requests received whole.
        answered: inference requests answered to the last byte.
        aborted: inference requests whose caller hung up before the last byte.
        events: events of streams sent.
    """

    connections: int
    open: int
    requests: int
    answered: int
    aborted: int
    events: int

    def __sub__(self, earlier: Self) -> "Counters":
        """Return what was served since an earlier reading; `open` stays the present number."""
        return Counters(
            connections=self.connections - earlier.connections,
            open=self.open,
            requests=self.requests - earlier.requests,
            answered=self.answered - earlier.answered,
            aborted=self.aborted - earlier.aborted,
            events=self.events - earlier.events,
        )


class UpstreamStub:
    """A running upstream.

    Attributes:
        url: address that answers at once, without `/v1`.
        paced_url: address whose streams send one event each 2 ms, or at the pace that was asked for.
    """

    def __init__(self, event_seconds: float = TICK_SECONDS) -> None:
        """Choose the pace of streams, a multiple of TICK_SECONDS."""
        self._ticks_per_event = round(event_seconds / TICK_SECONDS)

    def __enter__(self) -> Self:
        """Build the stub if need be, start it and wait for its ports.

        Raises:
            MissingToolError: there is no C compiler.
        """
        command = [str(native.build("upstream_stub")), str(self._ticks_per_event)]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._child.stdout is not None
        ports = json.loads(self._child.stdout.readline())
        self.url = f"http://127.0.0.1:{ports['port']}"
        self.paced_url = f"http://127.0.0.1:{ports['paced_port']}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the stub by closing its standard input."""
        self._child.communicate()

    def counters(self) -> Counters:
        """Read what it has served so far."""
        return msgspec.json.decode(httpx.get(f"{self.url}/stats").content, type=Counters)
