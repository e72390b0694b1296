"""An OpenID issuer that signs whatever a test tells it, which a real one never would."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CLIENT_ID = "litemaas"
NONCE = "nonce of the login"


@dataclass
class LyingIssuer:
    """The issuer.

    Attributes:
        claims: Those of the ID tokens that it gives out, over what is right.
        key: What it signs with.
        published: What it says that it signs with.
        metadata: Its metadata, over what is right.
        userinfo: What it tells the bearer of an access token.
    """

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    published: list[RSAKey] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=lambda: {"sub": "1"})
    id_token: str | None = None

    async def configuration(self, _: Request) -> Response:
        right = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/me",
        }
        return JSONResponse(right | self.metadata)

    async def keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [key.as_dict(private=False) for key in self.published or [self.key]]})

    async def token(self, _: Request) -> Response:
        now = int(time.time())
        right = {"iss": self.url, "aud": CLIENT_ID, "sub": "1", "iat": now, "exp": now + 300, "nonce": NONCE}
        claims = {name: value for name, value in (right | self.claims).items() if value is not None}
        id_token = self.id_token or jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)
        return JSONResponse({"access_token": "opaque", "token_type": "Bearer", "id_token": id_token})

    async def me(self, _: Request) -> Response:
        return JSONResponse(self.userinfo)


@asynccontextmanager
async def running_issuer() -> AsyncIterator[LyingIssuer]:
    """Start the issuer."""
    issuer = LyingIssuer()
    routes = [
        Route("/.well-known/openid-configuration", issuer.configuration),
        Route("/keys", issuer.keys),
        Route("/token", issuer.token, methods=["POST"]),
        Route("/me", issuer.me),
    ]
    config = uvicorn.Config(Starlette(routes=routes), lifespan="off", log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    issuer.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield issuer
    finally:
        server.should_exit = True
        await serving
