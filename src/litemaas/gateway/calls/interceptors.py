"""What may step into a call between its client and the gateway: guardrails, the response cache.

A gateway without any pays one test of an empty tuple for a call. The first interceptor is the nearest to the client: it
sees a request before the others and an answer after them.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct

from litemaas.domain.errors import LiteMaaSError
from litemaas.domain.rights import Permit, Rights
from litemaas.gateway.calls.client import Client
from litemaas.gateway.endpoints.call_request import CallRequest
from litemaas.gateway.endpoints.rows import Endpoint


class Answer(NamedTuple):
    """An answer that no upstream gave.

    Attributes:
        content_type: Of the body; `text/event-stream` makes it a stream.
        header_lines: What tells where it comes from, each line ended by CR LF.
    """

    body: bytes
    content_type: bytes = b"application/json"
    header_lines: bytes = b""

    def is_stream(self) -> bool:
        """Tell whether the body is a stream of events."""
        return self.content_type.startswith(b"text/event-stream")


Review = Callable[[bytes], Awaitable[bytes]]
"""Sees, and perhaps changes, a whole answer before it is recorded and told; an error keeps it from being told."""


class Call(Struct):
    """A call as an interceptor sees it.

    Attributes:
        request: What will be sent; an interceptor may put another one in its place.
        headers: Those of the client's that matter to interceptors (`request_head.HINTS`), names in lower case.
        stop: Ends a stream that may not go on; what was produced of it is paid for.
        reviews: Of a whole answer, which is paid for whatever they say; the last one sees it first.
    """

    rights: Rights
    permit: Permit
    endpoint: Endpoint
    request: CallRequest
    headers: Mapping[str, str]
    stop: Callable[[LiteMaaSError], None]
    reviews: list[Review] = []


class Interceptor(Protocol):
    """Steps into calls."""

    def applies(self, rights: Rights, permit: Permit) -> bool:
        """Tell whether calls of this key to this model concern it; asked for each call, so it must be cheap."""

    async def before(self, call: Call) -> Answer | None:
        """See, and perhaps change, a request that is about to be admitted.

        Returns:
            An answer if the call needs no upstream; it counts against rate limits, and costs nothing.

        Raises:
            LiteMaaSError: The call may not run; nothing was spent yet.
        """

    def wrap(self, call: Call, client: Client) -> Client:
        """The client as the answer should see it: what it is told, this one tells `client`."""


async def review(reviews: Sequence[Review], body: bytes) -> bytes:
    """Let `reviews` see a whole answer; returns what is to be told."""
    for one in reversed(reviews):
        body = await one(body)
    return body


async def go_through(chain: tuple[Interceptor, ...], call: Call, client: Client) -> tuple[Client, Answer | None]:
    """Let `chain` see a request; returns whom to answer, and what, if no upstream is needed."""
    for interceptor in chain:
        answer = await interceptor.before(call)
        if answer is not None:
            return client, answer
        client = interceptor.wrap(call, client)
    return client, None
