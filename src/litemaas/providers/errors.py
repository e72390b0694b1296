"""What can go wrong upstream.

    UpstreamError
    ├── ConnectFailed     no connection: `reason` is dns, refused, unreachable, forbidden, tls or timeout
    ├── AnswerTimedOut    connected, but no answer, or none any more
    └── AnswerBroken      the answer broke off or is not HTTP

None of them carries the upstream's headers, its address or our credential: their text may reach a client.
"""


class UpstreamError(Exception):
    """Base of all."""


class ConnectFailed(UpstreamError):  # noqa: N818 - reads as what happened
    """There is no connection."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class AnswerTimedOut(UpstreamError):  # noqa: N818
    """Connected, but the answer did not come, or came no further."""


class AnswerBroken(UpstreamError):  # noqa: N818
    """The answer broke off, is too large, or is not HTTP."""
