"""OpenShift's OAuth server and user API, with their quirks, over TLS under an authority of their own.

Two addresses: the API server knows where the OAuth server is, and who bears a token. There is no ID token, no userinfo
and no refresh token; tokens are opaque; the temporary kube:admin has no uid; errors of the API are Status objects.
"""

import asyncio
import base64
import hashlib
import secrets
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from support.certificates import CertificateAuthority

CLIENT_ID = "litemaas-rhpds"
CLIENT_SECRET = "secret of the OAuthClient"
SCOPES = {"user:full", "user:info", "user:check-access", "user:list-scoped-projects", "user:list-projects"}


@dataclass
class OpenShiftCluster:
    """The cluster; `groups` by user name are its people, `redirect_uris` those of its OAuthClient."""

    authority: Path
    redirect_uris: list[str]
    groups: dict[str, list[str]] = field(default_factory=dict)
    api_url: str = ""
    oauth_url: str = ""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _tokens: dict[str, tuple[str, str]] = field(default_factory=dict)

    def settings(self) -> dict[str, str]:
        return {
            "LITEMAAS_OAUTH_PROVIDER": "openshift",
            "LITEMAAS_OAUTH_CLIENT_ID": CLIENT_ID,
            "LITEMAAS_OAUTH_CLIENT_SECRET": CLIENT_SECRET,
            "LITEMAAS_OPENSHIFT_API_URL": self.api_url,
            "LITEMAAS_CA_BUNDLE": str(self.authority),
        }

    async def log_in(self, authorization_url: str, name: str) -> str:
        """Log in as `name` on the OAuth server; returns where it sends the browser back to."""
        async with httpx.AsyncClient(verify=ssl.create_default_context(cafile=self.authority)) as client:
            answer = await client.get(authorization_url, auth=(name, "any"))
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    # --- the API server ---

    async def well_known(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.oauth_url,
                "authorization_endpoint": f"{self.oauth_url}/oauth/authorize",
                "token_endpoint": f"{self.oauth_url}/oauth/token",
                "scopes_supported": sorted(SCOPES),
                "response_types_supported": ["code", "token"],
                "grant_types_supported": ["authorization_code", "implicit"],
                "code_challenge_methods_supported": ["plain", "S256"],
            }
        )

    async def me(self, request: Request) -> Response:
        name, scope = self._tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "), ("", ""))
        if not name:
            return _status(401, "Unauthorized")
        if "user:info" not in scope and "user:full" not in scope:
            return _status(403, "Forbidden")
        user: dict[str, Any] = {
            "kind": "User",
            "apiVersion": "user.openshift.io/v1",
            "metadata": {"name": name, "uid": str(hashlib.sha256(name.encode()).hexdigest()[:32])},
            "fullName": name.title(),
            "identities": [f"htpasswd:{name}"],
            "groups": self.groups[name],
        }
        if name == "kube:admin":
            user["metadata"].pop("uid")
            user |= {"fullName": "", "identities": None, "groups": ["system:authenticated", "system:cluster-admins"]}
        return JSONResponse(user)

    # --- the OAuth server ---

    async def authorize(self, request: Request) -> Response:
        query = request.query_params
        known = query.get("client_id") == CLIENT_ID and query.get("redirect_uri") in self.redirect_uris
        if not known or query.get("response_type") != "code" or not set(query.get("scope", "").split()) <= SCOPES:
            return JSONResponse({"error": "unauthorized_client"}, 400)
        name = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode().rpartition(":")[0]
        if name not in self.groups:
            return Response(status_code=401, headers={"www-authenticate": "Basic"})
        code = secrets.token_urlsafe(32)
        self._codes[code] = {**dict(query), "name": name}
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}", 302)

    async def token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        asked = self._codes.pop(form.get("code", ""), None)
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return JSONResponse({"error": "unauthorized_client"}, 401)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).decode()
        if not asked or form.get("redirect_uri") != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if challenge.rstrip("=") != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = f"sha256~{secrets.token_urlsafe(32)}"
        self._tokens[token] = (asked["name"], asked["scope"])
        return JSONResponse(
            {"access_token": token, "expires_in": 86400, "scope": asked["scope"], "token_type": "Bearer"}
        )


def _status(code: int, reason: str) -> Response:
    return JSONResponse(
        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code}, code
    )


@asynccontextmanager
async def _serving(routes: list[Route], certificate: Path) -> AsyncIterator[str]:
    config = uvicorn.Config(
        Starlette(routes=routes), ssl_certfile=certificate, lifespan="off", log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def running_openshift(folder: Path, redirect_uris: list[str]) -> AsyncIterator[OpenShiftCluster]:
    """Start the cluster's two servers."""
    authority = CertificateAuthority(folder)
    authority.server_context()
    certificate = folder / "127.0.0.1.pem"
    cluster = OpenShiftCluster(authority.file, redirect_uris)
    api = [
        Route("/.well-known/oauth-authorization-server", cluster.well_known),
        Route("/apis/user.openshift.io/v1/users/~", cluster.me),
    ]
    oauth = [Route("/oauth/authorize", cluster.authorize), Route("/oauth/token", cluster.token, methods=["POST"])]
    async with _serving(api, certificate) as cluster.api_url, _serving(oauth, certificate) as cluster.oauth_url:
        yield cluster
