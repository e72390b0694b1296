"""Each thing that can go wrong has the status, type and code that we promise, whichever lane tells it."""

import json

import pytest

from litemaas.domain.access.errors import AmbiguousModelError, ModelNotAllowedError, UnknownModelError
from litemaas.domain.budgets.errors import BudgetUnavailableError, InsufficientBudgetError
from litemaas.domain.keys.errors import BlockedKeyError, ExpiredKeyError, MissingKeyError, UnknownKeyError
from litemaas.domain.rate_limits.errors import ParallelRequestsError, RequestsPerMinuteError, TokensPerMinuteError
from litemaas.gateway.errors import (
    BadRequestError,
    BodyTooLargeError,
    JournalFullError,
    UpstreamAuthError,
    status_and_body,
)
from litemaas.providers.errors import AnswerBroken, AnswerTimedOut, ConnectFailed

PROMISED = [
    (MissingKeyError("…"), 401, "authentication_error", "invalid_api_key"),
    (UnknownKeyError("…"), 401, "authentication_error", "invalid_api_key"),
    (ExpiredKeyError("…"), 401, "authentication_error", "key_expired"),
    (BlockedKeyError("…"), 401, "authentication_error", "key_blocked"),
    (ModelNotAllowedError("…"), 403, "permission_error", "model_not_allowed"),
    (InsufficientBudgetError("…"), 429, "budget_exceeded", "insufficient_quota"),
    (RequestsPerMinuteError("…", retry_after=1), 429, "rate_limit_error", "rate_limit_exceeded"),
    (TokensPerMinuteError("…", retry_after=1), 429, "rate_limit_error", "rate_limit_exceeded"),
    (ParallelRequestsError("…", retry_after=1), 429, "rate_limit_error", "rate_limit_exceeded"),
    (UnknownModelError("…"), 404, "invalid_request_error", "model_not_found"),
    (BadRequestError("…"), 400, "invalid_request_error", None),
    (AmbiguousModelError("…"), 400, "invalid_request_error", None),
    (BodyTooLargeError("…"), 413, "invalid_request_error", "request_too_large"),
    (BudgetUnavailableError("…"), 503, "service_unavailable", "budget_unavailable"),
    (JournalFullError("…"), 503, "service_unavailable", "journal_unavailable"),
    (UpstreamAuthError("…"), 502, "upstream_error", "upstream_auth"),
    (ConnectFailed("dns", "…"), 502, "upstream_error", "upstream_failed"),
    (AnswerBroken("…"), 502, "upstream_error", "upstream_failed"),
    (AnswerTimedOut("…"), 504, "upstream_error", "upstream_timeout"),
    (RuntimeError("…"), 500, "server_error", "internal_error"),
]


@pytest.mark.parametrize(("error", "status", "kind", "code"), PROMISED)
def test_each_error_has_its_promised_row(error, status, kind, code):
    told, _, body = status_and_body(error)
    assert told == status
    error = json.loads(body)["error"]
    assert (error["type"], error["code"]) == (kind, code)
    assert error.keys() == {"message", "type", "param", "code"}


def test_a_rate_limit_says_when_to_try_again_in_whole_seconds():
    _, headers, _ = status_and_body(RequestsPerMinuteError("…", retry_after=12.2))
    assert headers == {"retry-after": "13"}
    _, headers, _ = status_and_body(ParallelRequestsError("…", retry_after=0.01))
    assert headers == {"retry-after": "1"}


def test_an_exhausted_budget_says_that_trying_again_does_not_help():
    _, headers, _ = status_and_body(InsufficientBudgetError("…"))
    assert headers == {"x-should-retry": "false"}


def test_the_field_at_fault_is_named():
    _, _, body = status_and_body(BadRequestError("…", param="max_tokens"))
    assert json.loads(body)["error"]["param"] == "max_tokens"


def test_an_unforeseen_error_tells_nothing_of_our_inside():
    _, _, body = status_and_body(RuntimeError("password=hunter2"))
    assert b"hunter2" not in body
