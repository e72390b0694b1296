"""Canary keys go through every path: none of them comes out in a log line, in an answer, or on disk."""

import json
from pathlib import Path

import pytest

from support.gateway import MASTER_KEY, ServerProcess, server_process
from support.rows import SALT_KEY
from support.upstream import chat, hanging, http, raw
from support.wire import CHAT, hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_secrets")

CREDENTIAL = "sk-canary-of-the-upstream"
UNKNOWN = "sk-canary-of-nobody-at-all"


@pytest.fixture(scope="module")
async def server(postgres_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("secrets")
    async with postgres_server.database() as url:
        variables = {"LITEMAAS_LOG_LEVEL": "debug", "LITEMAAS_MAX_BODY_BYTES": "100000"}
        async with server_process(url, folder, **variables) as running:
            running.folder, running.database_url = folder, url
            yield running
            await running.stop()


@pytest.fixture
async def model(server: ServerProcess, upstream) -> str:
    return await server.rows.model(upstream.url, credential=CREDENTIAL, timeouts={"first_byte": 0.3})


def requests(model: str, key: str) -> list[bytes]:
    """What a client may send, well and badly; each with `key` in it."""
    bad = [b"{", b"\xff", json.dumps({"model": key, "n": key}).encode(), json.dumps(key).encode()]
    return [
        post(hello(model), key),
        post(hello(model, stream=True), key),
        post(hello(model), key, f"x-request-id: {key[:5]}"),
        post(hello(key), key),
        post(hello(model), None, f"x-api-key: {key}", f"Cookie: {key}"),
        post(hello(model), None, f"Authorization: Basic {key}"),
        post(hello(model, max_tokens=key), key),
        post(hello(model, max_tokens=10**9), key),
        post(b"x" * 200_000, key),
        *(post(body, key) for body in bad),
        post(hello(model), key, f"Bad{key} : x"),
        post(hello(model), key, f"X: {key}\0"),
        post(hello(model), key, path=f"{CHAT}?api_key={key}&key={key}"),
        post(hello(model), key, path=f"/v1/no-such-route?key={key}"),
        post(hello(model), key, path=f"/v1/{key}"),
        post({"key": key}, key, path="/key/delete"),
        post({"keys": [key], "model": key}, key, path="/key/generate"),
        f"GET /key/info?key={key} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n\r\n".encode(),
        f"GET /v1/models?key={key} HTTP/1.1\r\nHost: a\r\nx-api-key: {key}\r\n\r\n".encode(),
        f"GET /health/readiness?key={key} HTTP/1.1\r\nHost: a\r\n\r\n".encode(),
        f"{key} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode(),
    ]


TELLING = f"Incorrect API key provided: {CREDENTIAL}, Authorization: Bearer {CREDENTIAL}"
ERROR = json.dumps({"error": {"message": TELLING, "code": CREDENTIAL, "param": CREDENTIAL}}).encode()
TELLTALES = [
    *(raw(http(ERROR, f"{status} No")) for status in (400, 401, 403, 404, 422, 429, 500, 503)),
    raw(http(ERROR, "302 Found", "text/plain", f"Location: http://{CREDENTIAL}/")),
    raw(TELLING.encode(), close=True),
    raw(f"HTTP/1.1 200 OK\r\nContent-Length: {CREDENTIAL}\r\n\r\n".encode()),
    hanging(),
]


async def answers_to(server: ServerProcess, request: bytes) -> bytes:
    async with wire_to(server.address) as wire:
        await wire.send(request.replace(b" HTTP/1.1\r\n", b" HTTP/1.1\r\nConnection: close\r\n", 1))
        return await wire.rest()


async def test_keys_come_out_nowhere(server, upstream, model):
    virtual = await server.rows.key(max_budget="0.01")
    for key in (virtual, MASTER_KEY, UNKNOWN):
        for request in requests(model, key):
            answer = await answers_to(server, request)
            for own in ("nothing at /v1/{}", "model '{}'", '{{"key":"{}","info"'):  # what the client itself called so
                answer = answer.replace(own.format(key).encode(), b"")
            assert key.encode() not in answer, request
    assert upstream.calls
    for call in upstream.calls:
        assert virtual.encode() not in call.head
        assert MASTER_KEY.encode() not in call.head
    nothing_of(server, virtual, MASTER_KEY, UNKNOWN, CREDENTIAL, SALT_KEY)


@pytest.mark.parametrize("script", TELLTALES)
async def test_the_credential_comes_out_nowhere_even_when_the_upstream_tells_it(server, upstream, model, script):
    key = await server.rows.key(model)
    upstream.script = script
    for body in (hello(model), hello(model, stream=True)):
        answer = await answers_to(server, post(body, key))
        assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5"))
        assert CREDENTIAL.encode() not in answer
    assert upstream.calls[0].headers["authorization"] == f"Bearer {CREDENTIAL}"
    for row in await server.booked(key, 2):
        assert CREDENTIAL not in str(dict(row))
    nothing_of(server, key, CREDENTIAL)
    upstream.script = chat()


def nothing_of(server: ServerProcess, *secrets: str) -> None:
    """The server has printed none of `secrets` and written none of them to its folder."""
    password = server.database_url.split(":")[2].split("@")[0]
    written = b"".join(file.read_bytes() for file in server.folder.rglob("*") if file.is_file())
    arguments = Path(f"/proc/{server.process.pid}/cmdline").read_bytes()
    for secret in (*secrets, password):
        assert secret.encode() not in server.output
        assert secret.encode() not in written
        assert secret.encode() not in arguments
