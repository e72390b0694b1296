"""Passes the content of a kept file on as it comes: it may be larger than memory."""

from litemaas.domain.serving import Target
from litemaas.gateway.calls.answers import error_answer, upstream_refusal
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.slow_lane.inference_app import QueuedClient
from litemaas.gateway.upstreams.heads import request_head, upstream_origin
from litemaas.gateway.upstreams.targets import timeouts_of
from litemaas.providers.errors import UpstreamError
from litemaas.providers.upstream import AnswerHead, Timeouts, UpstreamCall

_OK_BELOW = 300
_MOST_REFUSAL = 65536


class Relay(UpstreamCall):
    """One such answer. For the client it stands where an exchange does."""

    def __init__(self, client: QueuedClient, target: Target, head: bytes, timeouts: Timeouts, call_id: str) -> None:
        super().__init__(head, timeouts)
        self._client = client
        self._target = target
        self._call_id = call_id
        self._status = 0
        self._refusal = b""

    def answer_began(self, head: AnswerHead) -> None:  # noqa: D102
        self._status = head.status
        if head.status < _OK_BELOW:
            kind = head.headers.get(b"content-type", b"application/octet-stream")
            lines = b"content-type: %b\r\nx-request-id: %b\r\n" % (kind, self._call_id.encode())
            self._client.begin_stream(lines)

    def answer_piece(self, data: bytes) -> None:  # noqa: D102
        if self._status < _OK_BELOW:
            self._client.stream(data)
        elif len(self._refusal) < _MOST_REFUSAL:
            self._refusal += data

    def answer_ended(self) -> None:  # noqa: D102
        if self._status < _OK_BELOW:
            self._client.end_stream()
        else:
            refusal = upstream_refusal(self._status, self._refusal, self._target.credential)
            self._client.respond(refusal.status, b"content-type: application/json\r\n", refusal.body)

    def answer_failed(self, error: UpstreamError) -> None:  # noqa: D102
        if 0 < self._status < _OK_BELOW:
            self._client.break_off()
        else:
            self._client.respond(*error_answer(error, self._call_id))

    def client_left(self) -> None:
        """Stop: nobody listens any more."""
        self.cancel()


def relay(gateway: Gateway, client: QueuedClient, target: Target, path: str, call_id: str) -> None:
    """Let `client` have what the deployment answers to a GET of `path`."""
    call = Relay(
        client, target, request_head(target, "GET", path), timeouts_of(target, gateway.settings.upstream), call_id
    )
    client.exchange = call  # type: ignore[assignment]  # it has what a client needs of an exchange
    gateway.upstreams.submit(upstream_origin(target), call)
