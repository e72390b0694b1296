"""The API server's HTTPS edge: bytes in, bytes out, and the faults and delays that a test asks for."""

import asyncio
import json
import time

from aiohttp import web

from .api import Answer, Api
from .cluster import Cluster
from .errors import StatusError
from .routing import APPLY, Request, target_of, verb_of
from .users import User
from .values import Json
from .watch import Watch

_NO_STATUS = 0  # logged for a connection that was reset


class ApiServer:
    """The handler of every request to the API server's address."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._api = Api(cluster)

    async def handle(self, http_request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request and log it; called by aiohttp."""
        started = time.time()
        request = Request(
            method=http_request.method,
            path=http_request.path,
            query=dict(http_request.query),
            content_type=http_request.content_type if http_request.body_exists else "",
            accept=http_request.headers.get("Accept", ""),
            agent=http_request.headers.get("User-Agent", ""),
            body=await http_request.content.read(),
        )
        user = self._authenticate(http_request)
        logged = _logged_target(request)
        await asyncio.sleep(self._cluster.behaviour.switches.latency_seconds)
        fault = self._cluster.behaviour.fault(logged["verb"], logged["resource"])
        if fault is not None and not fault.code:
            http_request.transport.abort()
            self._log(started, user, request, logged, _NO_STATUS)
            return web.Response()
        try:
            if fault is not None:
                raise _injected(fault.code, fault.retry_after)
            answer = self._api.answer(request, user, target_of(request.path))
        except StatusError as error:
            answer = Answer(error.code, error.to_json())
        self._log(started, user, request, logged, answer.status)
        if isinstance(answer.body, Watch):
            return await _stream(http_request, answer.body)
        headers = [("Warning", f'299 - "{_quotable(warning)}"') for warning in answer.warnings]
        if fault is not None and fault.code in {429, 503}:
            headers.append(("Retry-After", str(fault.retry_after)))
        if isinstance(answer.body, str):
            return web.Response(status=answer.status, text=answer.body)
        payload = json.dumps(answer.body, separators=(",", ":")).encode()
        return web.Response(status=answer.status, body=payload, content_type="application/json", headers=headers)

    def _authenticate(self, http_request: web.BaseRequest) -> User | None:
        scheme, _, token = http_request.headers.get("Authorization", "").partition(" ")
        user = self._cluster.directory.authenticate(token.strip()) if scheme.lower() == "bearer" else None
        impersonated = http_request.headers.get("Impersonate-User")
        if user is not None and user.cluster_admin and impersonated:
            return self._cluster.directory.named(impersonated) or User(impersonated)
        return user

    def _log(self, started: float, user: User | None, request: Request, logged: Json, status: int) -> None:
        self._cluster.requests.add(started, user.name if user else "", request.agent, logged, status)


def _logged_target(request: Request) -> Json:
    target = target_of(request.path)
    if target is None:
        return {"verb": "get", "resource": "discovery", "namespace": "", "name": request.path}
    try:
        verb = "apply" if request.content_type == APPLY else verb_of(request, target)
    except StatusError:
        verb = request.method.lower()
    return {"verb": verb, "resource": target.resource, "namespace": target.namespace, "name": target.name}


def _injected(code: int, retry_after: int) -> StatusError:
    if code == 429:
        details = {"retryAfterSeconds": retry_after}
        return StatusError(code, "TooManyRequests", "Too many requests, please try again later.", details)
    return StatusError(code, "InternalError", "Internal error occurred: injected by a test")


def _quotable(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


async def _stream(http_request: web.BaseRequest, watch: Watch) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json;stream=watch"})
    try:
        await response.prepare(http_request)
        async for line in watch.lines():
            await response.write(line)
        await response.write_eof()
    except ConnectionResetError:
        pass  # the client hung up, which is how most watches end
    finally:
        watch.close()
    return response
