"""The portal's interface as an OpenAPI 3.1 document: the web UI's types are generated from it, without a server."""

from typing import Any

from fastapi import FastAPI

from litemaas import __version__
from litemaas.portal.app import API, ROUTERS

_FASTAPI_VALIDATION = "422"
_FASTAPI_SCHEMAS = ("HTTPValidationError", "ValidationError")


def portal_document() -> dict[str, Any]:
    """The document of all routes under `/api`.

    FastAPI's own answer to an invalid request is left out: the application answers all refusals in OpenAI's shape.
    """
    app = FastAPI(title="LiteMaaS portal", version=__version__)
    for router in ROUTERS:
        app.include_router(router, prefix=API)
    document = app.openapi()
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop(_FASTAPI_VALIDATION, None)
    schemas = document["components"]["schemas"]
    for name in _FASTAPI_SCHEMAS:
        schemas.pop(name)
    _drop_titles(document["paths"])
    _drop_titles(schemas)
    return document


def _drop_titles(part: Any) -> None:
    """Drop the titles that pydantic makes of names; a property may be called `title` too, and is no text."""
    if isinstance(part, dict):
        if isinstance(part.get("title"), str):
            del part["title"]
        for value in part.values():
            _drop_titles(value)
    elif isinstance(part, list):
        for value in part:
            _drop_titles(value)
