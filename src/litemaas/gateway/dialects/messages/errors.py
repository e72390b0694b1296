"""Errors, from OpenAI's form, in which the gateway writes them, to Anthropic's."""

from typing import Any

import msgspec

from litemaas.gateway.dialects.sse import event

_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    422: "invalid_request_error",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
}
_encode = msgspec.json.Encoder().encode


def error_body(status: int, body: bytes) -> bytes:
    """An error answer; the code by which we tell errors apart stays in it."""
    try:
        told = msgspec.json.decode(body)["error"]
    except (msgspec.DecodeError, TypeError, KeyError):
        told = {"message": "The request failed."}
    return _encode(_error(_TYPES.get(status, "api_error"), told))


def error_event(told: Any) -> bytes:
    """The event that a stream ends with when something goes wrong in its middle."""
    return event("error", _error("api_error", told))


def _error(kind: str, told: Any) -> dict[str, Any]:
    if not isinstance(told, dict):
        told = {"message": str(told)}
    error = {"type": kind, "message": str(told.get("message", ""))}
    if isinstance(told.get("code"), str):
        error["code"] = told["code"]
    return {"type": "error", "error": error}
