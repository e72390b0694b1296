"""The OpenAPI page of the application, from which clients are generated."""

from typing import Any

from fastapi import FastAPI
from msgspec import Struct

from litemaas.gateway.management.rendering import answer_schemas, answers
from litemaas.gateway.management.scopes import SCOPES

_SCOPE = "x-scope"
_NOT_OURS = ("HTTPValidationError", "ValidationError")
_FASTAPI_VALIDATION = "422"


class ErrorDetail(Struct, kw_only=True):
    """What went wrong.

    Attributes:
        param: The field that is wrong, if one is.
        code: For programs, e.g. `model_not_allowed`.
    """

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorAnswer(Struct, kw_only=True):
    """Every answer that is no success has OpenAI's shape."""

    error: ErrorDetail


_ERROR = answers(ErrorAnswer, "Refused")[200]


def describe(app: FastAPI) -> None:
    """Let the page tell our answers, our one shape of errors, and how to authenticate."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(generate())
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI documents this as the way to extend the page


def _complete(page: dict[str, Any]) -> None:
    components = page.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas.update(answer_schemas())
    for name in _NOT_OURS:
        schemas.pop(name, None)
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    page["security"] = [{"key": []}]
    for path, operations in page["paths"].items():
        for operation in operations.values():
            if path in SCOPES:
                operation[_SCOPE] = SCOPES[path]
            operation["responses"].pop(_FASTAPI_VALIDATION, None)
            operation["responses"]["default"] = _ERROR
