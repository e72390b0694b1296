"""Answers that are ours to write: headers, refusals, and what an upstream's refusal may tell."""

import time
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from litemaas.domain.rate_limits.scopes import Scope
from litemaas.gateway.errors import UpstreamAuthError, error_body, error_headers, wire_error
from litemaas.providers.errors import AnswerBroken

_CREDENTIAL_REFUSED = (401, 403)
_SERVER_ERROR = 500
_REDIRECT = 400
_MAX_TEXT = 2000
TOO_LONG = "context_length_exceeded"
"""OpenAI's code for a prompt that does not fit the model's context."""
_TOO_LONG_TEXTS = ("maximum context length", "maximum model length", "available context size", "context window")
"""vLLM says the first two, llama.cpp the third, others the last; none of them has a code of its own for it."""
JSON_TYPE = b"content-type: application/json\r\n"


def answer_headers(
    content_type: bytes, request_id: str, target_lines: bytes, scopes: Sequence[Scope], cost: Decimal | None
) -> bytes:
    """Header lines of an answer; `cost` is known where the answer is whole."""
    return b"".join(  # half as much work as a format
        (
            b"content-type: ",
            content_type,
            b"\r\nx-request-id: ",
            request_id.encode(),
            b"\r\n",
            target_lines,
            _limit_lines(scopes) if scopes else b"",
            b"" if cost is None else _cost_line(cost),
        )
    )


def _cost_line(cost: Decimal) -> bytes:
    text = str(cost)
    if "E" in text:  # seldom, and `format` takes five times as long
        text = format(cost, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"x-litemaas-cost: {text}\r\n".encode()


def _limit_lines(scopes: Sequence[Scope]) -> bytes:
    """`x-ratelimit-*` of the tightest scope, as OpenAI names them."""
    now = time.monotonic()
    requests: tuple[int, int] | None = None  # remaining, limit
    tokens: tuple[int, int] | None = None
    for scope in scopes:
        left_requests, left_tokens = scope.remaining(now)
        if left_requests is not None and (requests is None or left_requests < requests[0]):
            requests = (left_requests, scope.limits.rpm or 0)
        if left_tokens is not None and (tokens is None or left_tokens < tokens[0]):
            tokens = (left_tokens, scope.limits.tpm or 0)
    lines = b""
    if requests is not None:
        lines = b"x-ratelimit-remaining-requests: %d\r\nx-ratelimit-limit-requests: %d\r\n" % requests
    if tokens is not None:
        lines += b"x-ratelimit-remaining-tokens: %d\r\nx-ratelimit-limit-tokens: %d\r\n" % tokens
    return lines


def error_answer(error: Exception, request_id: str) -> tuple[int, bytes, bytes]:
    """Status, header lines and body for something that went wrong on our side."""
    lines = JSON_TYPE + b"x-request-id: %b\r\n" % request_id.encode()
    for name, value in error_headers(error).items():
        lines += f"{name}: {value}\r\n".encode()
    return wire_error(error).status, lines, error_body(error)


def retry_line(seconds: bytes) -> bytes:
    """The header line that tells a client when to try again."""
    return b"retry-after: %b\r\n" % seconds


class Refusal(NamedTuple):
    """A failure as the client sees it."""

    status: int
    code: str | None
    body: bytes


def refusal_of(error: Exception) -> Refusal:
    """What the client is told of an error on the way to the model."""
    wire = wire_error(error)
    return Refusal(wire.status, wire.code, error_body(error))


def upstream_refusal(status: int, body: bytes, credential: str | None) -> Refusal:
    """Translate an answer that is no success.

    A 4xx is the client's to read and keeps its status and message; 401 and 403 concern our credential and 5xx the
    upstream's inside, so they become 502 and tell nothing.
    """
    error: Exception | None = None
    if status in _CREDENTIAL_REFUSED:
        error = UpstreamAuthError("The model's server refuses the gateway's credential. The operator must renew it.")
    elif status >= _SERVER_ERROR:
        error = AnswerBroken(f"The model's server failed with status {status}. Try again later.")
    elif status < _REDIRECT:
        error = AnswerBroken(f"The model's server answered with status {status}, which is not an answer.")
    if error is not None:
        return refusal_of(error)
    message, code, param = (text and _shown(text, credential) for text in _told(body))
    code = TOO_LONG if _is_too_long(code, message or "") else code or "upstream_refused"
    told = {"error": {"message": message, "type": "upstream_error", "param": param, "code": code}}
    return Refusal(status, code, msgspec.json.encode(told))


def _shown(text: str, credential: str | None) -> str:
    """An upstream's text without our credential, without NUL, which PostgreSQL cannot keep, and of bounded length."""
    text = text.replace("\0", "")
    return (text.replace(credential, "…") if credential else text)[:_MAX_TEXT]


def _is_too_long(code: str | None, message: str) -> bool:
    return code == TOO_LONG or (code is None and any(text in message for text in _TOO_LONG_TEXTS))


def _told(body: bytes) -> tuple[str, str | None, str | None]:
    """Message, code and param of an error body in any of the forms that servers use."""
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "The model's server refuses the request.", None, None
    error = answer.get("error", answer) if isinstance(answer, dict) else answer
    if isinstance(error, str):
        return error, None, None
    if not isinstance(error, dict):
        return "The model's server refuses the request.", None, None
    message = error.get("message") or error.get("detail") or "The model's server refuses the request."
    code, param = error.get("code"), error.get("param")
    return str(message), code if isinstance(code, str) else None, param if isinstance(param, str) else None
