"""From what went wrong to OpenAI's error JSON: one table, used by both lanes."""

import math
from typing import NamedTuple

import msgspec

from litemaas.domain.access.errors import ModelNotAllowedError, RouteNotAllowedError, UnknownModelError
from litemaas.domain.admission import StaleSnapshotError
from litemaas.domain.budgets.errors import BudgetUnavailableError
from litemaas.domain.errors import (
    AccessDeniedError,
    AlreadyExistsError,
    AuthenticationError,
    BudgetExceededError,
    InvalidInputError,
    LiteMaaSError,
    NotFoundError,
    RateLimitedError,
    UnavailableError,
)
from litemaas.domain.guardrails.errors import GuardrailBlockedError, GuardrailFailedError
from litemaas.domain.keys.errors import BlockedKeyError, ExpiredKeyError
from litemaas.domain.management_keys.errors import ExpiredManagementKeyError
from litemaas.domain.sessions.errors import (
    LoginStateError,
    NotLoggedInError,
    TooManyLoginsError,
    WrongPasswordError,
)
from litemaas.providers.errors import AnswerTimedOut, UpstreamError


class BodyTooLargeError(InvalidInputError):
    """The request is larger than we take."""


class BadRequestError(InvalidInputError):
    """The request is not HTTP or not JSON as it must be."""


class JournalFullError(UnavailableError):
    """A call that cannot be recorded must not be answered."""


class NoRoomError(UnavailableError):
    """There is no memory left for the request's body."""


class UpstreamAuthError(UnavailableError):
    """The upstream refuses our credential."""


class WireError(NamedTuple):
    """What the client sees of an error class."""

    status: int
    type: str
    code: str | None


WIRE_ERRORS: dict[type[Exception], WireError] = {
    LiteMaaSError: WireError(500, "server_error", "internal_error"),
    InvalidInputError: WireError(400, "invalid_request_error", None),
    BodyTooLargeError: WireError(413, "invalid_request_error", "request_too_large"),
    AlreadyExistsError: WireError(400, "invalid_request_error", "already_exists"),
    NotFoundError: WireError(404, "invalid_request_error", "not_found"),
    UnknownModelError: WireError(404, "invalid_request_error", "model_not_found"),
    AuthenticationError: WireError(401, "authentication_error", "invalid_api_key"),
    NotLoggedInError: WireError(401, "authentication_error", "not_logged_in"),
    WrongPasswordError: WireError(401, "authentication_error", "wrong_password"),
    LoginStateError: WireError(401, "authentication_error", "login_state"),
    ExpiredKeyError: WireError(401, "authentication_error", "key_expired"),
    ExpiredManagementKeyError: WireError(401, "authentication_error", "key_expired"),
    BlockedKeyError: WireError(401, "authentication_error", "key_blocked"),
    AccessDeniedError: WireError(403, "permission_error", "not_allowed"),
    ModelNotAllowedError: WireError(403, "permission_error", "model_not_allowed"),
    RouteNotAllowedError: WireError(403, "permission_error", "route_not_allowed"),
    GuardrailBlockedError: WireError(400, "invalid_request_error", "guardrail_blocked"),
    GuardrailFailedError: WireError(503, "service_unavailable", "guardrail_failed"),
    BudgetExceededError: WireError(429, "budget_exceeded", "insufficient_quota"),
    TooManyLoginsError: WireError(429, "rate_limit_error", "too_many_logins"),
    RateLimitedError: WireError(429, "rate_limit_error", "rate_limit_exceeded"),
    UnavailableError: WireError(503, "service_unavailable", "unavailable"),
    BudgetUnavailableError: WireError(503, "service_unavailable", "budget_unavailable"),
    StaleSnapshotError: WireError(503, "service_unavailable", "database_away"),
    JournalFullError: WireError(503, "service_unavailable", "journal_unavailable"),
    NoRoomError: WireError(503, "service_unavailable", "too_busy"),
    UpstreamAuthError: WireError(502, "upstream_error", "upstream_auth"),
    UpstreamError: WireError(502, "upstream_error", "upstream_failed"),
    AnswerTimedOut: WireError(504, "upstream_error", "upstream_timeout"),
    Exception: WireError(500, "server_error", "internal_error"),
}
"""By class; an error without a row has that of its nearest base class."""


def wire_error(error: Exception) -> WireError:
    """Status, type and code for `error`: its own row, or the nearest base class's."""
    wire = next(WIRE_ERRORS[kind] for kind in type(error).__mro__ if kind in WIRE_ERRORS)
    if isinstance(error, GuardrailBlockedError):
        return wire._replace(code=f"{wire.code}:{error.guardrail}")
    return wire


def error_body(error: Exception) -> bytes:
    """OpenAI's error JSON. An unforeseen error tells nothing about our inside."""
    wire = wire_error(error)
    known = isinstance(error, (LiteMaaSError, UpstreamError))
    message = str(error) if known else "An internal error happened. The operator can find it in the log."
    return msgspec.json.encode(
        {"error": {"message": message, "type": wire.type, "param": getattr(error, "param", None), "code": wire.code}}
    )


def error_headers(error: Exception) -> dict[str, str]:
    """Headers that tell a client library whether and when to try again."""
    if isinstance(error, RateLimitedError):
        return {"retry-after": str(max(1, math.ceil(error.retry_after)))}
    if isinstance(error, BudgetExceededError):
        return {"x-should-retry": "false"}
    return {}


def status_and_body(error: Exception) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and JSON body for `error`."""
    return wire_error(error).status, error_headers(error), error_body(error)
