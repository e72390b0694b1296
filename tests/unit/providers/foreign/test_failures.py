import msgspec
import pytest
from any_llm.exceptions import (
    AnyLLMError,
    AuthenticationError,
    ContextLengthExceededError,
    GatewayTimeoutError,
    MissingApiKeyError,
    ProviderError,
    RateLimitError,
    UnsupportedParameterError,
)

from litemaas.providers.errors import AnswerBroken, AnswerTimedOut
from litemaas.providers.foreign.failures import FieldRefusedError, Refused, RouteMissingError, read_failure


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RateLimitError("slow down"), 429, None),
        (AuthenticationError("no"), 401, None),
        (MissingApiKeyError("gemini", "GEMINI_API_KEY"), 401, None),
        (ContextLengthExceededError("too long", status_code=400), 400, "context_length_exceeded"),
        (UnsupportedParameterError("logit_bias", "cohere"), 400, "unsupported_parameter"),
        (ProviderError("down", status_code=529, code="overloaded"), 529, "overloaded"),
        (RouteMissingError("/audio/speech"), 404, "unsupported_route"),
        (FieldRefusedError("extra_headers"), 400, "unsupported_parameter"),
        (NotImplementedError(), 404, "unsupported_route"),
    ],
)
def test_an_error_of_the_library_reads_as_the_answer_it_stands_for(error: Exception, status: int, code: str | None):
    failure = read_failure(error)
    assert isinstance(failure, Refused)
    assert failure.status == status
    assert msgspec.json.decode(failure.body)["error"]["code"] == code


@pytest.mark.parametrize(
    "error", [TimeoutError(), GatewayTimeoutError(), AnyLLMError(original_exception=TimeoutError())]
)
def test_no_answer_in_time_is_told_apart(error: Exception):
    failure = read_failure(error)
    assert isinstance(failure, AnswerTimedOut | AnswerBroken)


@pytest.mark.parametrize(
    "error", [ProviderError("Connection error."), ProviderError("200", status_code=200), OSError()]
)
def test_what_carries_no_status_of_an_error_is_a_broken_answer(error: Exception):
    assert isinstance(read_failure(error), AnswerBroken)


def test_when_to_come_back_is_passed_on_unless_it_would_break_the_header():
    def headers(value: str) -> dict[bytes, bytes]:
        return dict(read_failure(RateLimitError("no", retry_after=value)).headers)

    assert headers("7")[b"retry-after"] == b"7"
    assert b"retry-after" not in headers("7\r\nx: y")
