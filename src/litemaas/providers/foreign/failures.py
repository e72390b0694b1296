"""What the library raises, as the HTTP answer or the broken connection that it stands for."""

from typing import NamedTuple

import msgspec

from litemaas.providers.errors import AnswerBroken, AnswerTimedOut, UpstreamError

_STATUSES = {
    "RateLimitError": 429,
    "AuthenticationError": 401,
    "MissingApiKeyError": 401,
    "InvalidRequestError": 400,
    "UnsupportedParameterError": 400,
    "ContentFilterError": 400,
    "ContextLengthExceededError": 400,
    "ModelNotFoundError": 404,
    "InsufficientFundsError": 429,
    "UpstreamProviderError": 502,
}
"""By the names of the library's errors, for those that carry no status; the library must not be imported for this."""
_CODES = {
    "ContextLengthExceededError": "context_length_exceeded",
    "ContentFilterError": "content_filter",
    "UnsupportedParameterError": "unsupported_parameter",
}
_TIMED_OUT = ("GatewayTimeoutError", "APITimeoutError", "ReadTimeout", "ConnectTimeout")
_ERRORS = 400
_SERVER_ERRORS = 500


class RouteMissingError(Exception):
    """The library has no such call for any provider."""

    def __init__(self, path: str) -> None:
        super().__init__(f"Models of this provider cannot be called at {path}.")


class FieldRefusedError(Exception):
    """A field that the library does not know."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The field {name!r} is not understood by the provider of this model.")
        self.name = name


class Refused(NamedTuple):
    """An answer that is no success, as it would have come over HTTP."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def read_failure(error: Exception) -> Refused | UpstreamError:
    """What `error` stands for: an answer, or that there is none."""
    if isinstance(error, RouteMissingError):
        return _refused(404, str(error), "unsupported_route", None)
    if isinstance(error, FieldRefusedError):
        return _refused(400, str(error), "unsupported_parameter", error.name)
    if isinstance(error, NotImplementedError):
        return _refused(404, "The provider of this model has no such call.", "unsupported_route", None)
    kind = type(error).__name__
    cause = getattr(error, "original_exception", None)
    if isinstance(error, TimeoutError) or kind in _TIMED_OUT or type(cause).__name__ in _TIMED_OUT:
        return AnswerTimedOut("The model did not answer in time.")
    told = getattr(error, "status_code", None)
    status = told if isinstance(told, int) and told >= _ERRORS else _STATUSES.get(kind)
    if status is None:
        return AnswerBroken("The model's server cannot be reached, or broke off its answer.")
    code = _CODES.get(kind) or getattr(error, "code", None)
    message = getattr(error, "message", "The model's server refuses the request.")
    refused = _refused(status, str(message), code if isinstance(code, str) else None, getattr(error, "param", None))
    retry_after = getattr(error, "retry_after", None)
    if isinstance(retry_after, str) and retry_after.isascii() and retry_after.isprintable():
        refused.headers.append((b"retry-after", retry_after.encode()))
    return refused


def _refused(status: int, message: str, code: str | None, param: str | None) -> Refused:
    kind = "server_error" if status >= _SERVER_ERRORS else "invalid_request_error"
    body = msgspec.json.encode({"error": {"message": message, "type": kind, "param": param, "code": code}})
    return Refused(status, [(b"content-type", b"application/json")], body)
