"""What a client may have done wrong, in the JSON that OpenAI's clients understand."""

import re
from typing import Any

import msgspec

_VALIDATION_PATH = re.compile(r"(?P<problem>.*) - at `\$\.(?P<param>.*)`", re.DOTALL)


class ApiError(Exception):
    """A refusal with its HTTP status and OpenAI's error fields."""

    def __init__(self, status: int, message: str, *, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.param = param

    def body(self) -> dict[str, Any]:
        """Return the response's JSON, as in OpenAI's API reference."""
        kind = "invalid_request_error" if self.status < 500 else "server_error"  # noqa: PLR2004 - 5xx is ours, by HTTP
        return {"error": {"message": str(self), "type": kind, "param": self.param, "code": self.code}}


def context_too_long(limit: int, given: int, param: str) -> ApiError:
    """Return the refusal of an input of `given` tokens by a model that reads `limit`."""
    message = f"This model's maximum context length is {limit} tokens. However, your {param} has {given} tokens."
    return ApiError(400, message, code="context_length_exceeded", param=param)


def unknown_model(model: str) -> ApiError:
    """Return the refusal of a model id that this endpoint does not serve."""
    return ApiError(404, f"The model `{model}` does not exist at this endpoint.", code="model_not_found", param="model")


def unsupported(param: str) -> ApiError:
    """Return the refusal of a parameter that would change the answer and cannot be honoured."""
    return ApiError(
        400, f"`{param}` is not supported by this model as asked.", code="unsupported_parameter", param=param
    )


def malformed(error: msgspec.DecodeError) -> ApiError:
    """Return the refusal of a body that is no JSON, or whose fields have the wrong shape."""
    located = _VALIDATION_PATH.fullmatch(str(error))
    if located:
        return ApiError(400, f"{located['param']}: {located['problem']}", param=located["param"])
    if isinstance(error, msgspec.ValidationError):
        return ApiError(400, str(error))
    return ApiError(400, f"The body of the request is not JSON: {error}")
