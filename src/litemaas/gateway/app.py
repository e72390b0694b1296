"""The FastAPI application: everything but the hot routes, which `fast_lane` answers itself where it can."""

import logging

import asyncpg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from litemaas import __version__
from litemaas.bootstrap import Platform
from litemaas.domain.errors import InvalidInputError, LiteMaaSError, NotFoundError, UnavailableError
from litemaas.gateway import health, model_list
from litemaas.gateway.errors import BodyTooLargeError, status_and_body
from litemaas.gateway.management import (
    access_requests,
    audit,
    banners,
    budgets,
    guardrails,
    keys,
    ledger,
    management_keys,
    models,
    notices,
    prices,
    site,
    spend,
    teams,
    users,
)
from litemaas.gateway.openapi import describe
from litemaas.providers.errors import UpstreamError
from litemaas.storage.postgres import PASSING_ERRORS

_DESCRIPTION = "Virtual keys, budgets, models and spend of one OpenAI-compatible gateway."
ROUTERS = (
    keys.router,
    models.router,
    prices.router,
    users.router,
    teams.router,
    budgets.router,
    spend.router,
    ledger.router,
    notices.router,
    guardrails.router,
    access_requests.router,
    banners.router,
    site.router,
    audit.router,
    management_keys.router,
    model_list.router,
    health.router,
)

_log = logging.getLogger(__name__)


def create_app(platform: Platform, *, management: bool = True) -> FastAPI:
    """Make the application over what `bootstrap` has opened; without `management` it has only its manners."""
    app = FastAPI(title="LiteMaaS", version=__version__, description=_DESCRIPTION, docs_url=None, redoc_url=None)
    app.state.platform = platform
    for router in ROUTERS if management else ():
        app.include_router(router)
    _handle_errors(app)
    describe(app)
    return app


def _handle_errors(app: FastAPI) -> None:
    for kind in (LiteMaaSError, UpstreamError):
        app.add_exception_handler(kind, _as_told)
    for passing in PASSING_ERRORS:
        app.add_exception_handler(passing, _database_away)
    app.add_exception_handler(asyncpg.DataError, _not_storable)
    app.add_exception_handler(UnicodeEncodeError, _not_storable)
    app.add_exception_handler(OverflowError, _out_of_range)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _no_route)
    app.add_exception_handler(Exception, _unforeseen)


def _answer(error: Exception) -> Response:
    status, headers, body = status_and_body(error)
    return Response(body, status, headers, media_type="application/json")


async def _as_told(_: Request, error: Exception) -> Response:
    return _answer(error)


async def _database_away(_: Request, error: Exception) -> Response:
    _log.warning("the database does not answer a management request: %s", type(error).__name__)
    return _answer(UnavailableError("The database does not answer. Try again in a moment."))


async def _not_storable(_: Request, __: Exception) -> Response:
    return _answer(InvalidInputError("A value cannot be stored: it is too large, or not text as Unicode has it."))


async def _out_of_range(_: Request, __: Exception) -> Response:
    """Days before the year 1 and after 9999 are not days to Python."""
    return _answer(InvalidInputError("A date or a number is too far out to be reckoned with."))


async def _invalid(_: Request, error: Exception) -> Response:
    """The first thing that is wrong, as a sentence that names the field; never the value, which may be a secret."""
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {}
    path = [str(part) for part in first.get("loc", ()) if part not in {"body", "query", "path"}]
    field = ".".join(path)
    if first.get("type") == "json_invalid" or first.get("loc") == ("body",):
        return _answer(InvalidInputError("The body must be a JSON object, sent with 'Content-Type: application/json'."))
    message = str(first.get("msg", "Invalid request")).rstrip(".")
    return _answer(InvalidInputError(f"{field}: {message}." if field else f"{message}.", param=field or None))


async def _no_route(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    path = request.url.path
    if status == 405:  # noqa: PLR2004 - RFC 9110, 15.5.6
        response = _answer(InvalidInputError(f"{request.method} is not how {path} is called."))
        response.status_code = status
        response.headers.update((error.headers or {}) if isinstance(error, HTTPException) else {})
        return response
    if status == 413:  # noqa: PLR2004 - RFC 9110, 15.5.14; see `bodies`
        return _answer(BodyTooLargeError("The request is larger than this route takes."))
    if status == 400:  # noqa: PLR2004 - Starlette's own: a body that breaks off
        return _answer(InvalidInputError("The request is malformed."))
    return _answer(NotFoundError(f"There is nothing at {path}."))


async def _unforeseen(request: Request, error: Exception) -> Response:
    route = getattr(request.scope.get("route"), "path", "a route")  # the path itself may hold a key
    _log.error("%s %s failed", request.method, route, exc_info=error)
    return _answer(error)
