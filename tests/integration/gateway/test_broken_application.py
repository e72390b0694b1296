"""A replica whose installation is damaged: the application beside the hot routes cannot be imported."""

import json

import pytest

from support.gateway import ServerProcess, server_process
from support.replicas import until
from support.wire import hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_broken_application")


async def readiness(server: ServerProcess) -> tuple[int, list[str]]:
    answer = await server.ask(b"GET /health/readiness HTTP/1.1\r\nHost: a\r\n\r\n")
    return answer.status, json.loads(answer.body)["degraded"]


async def test_it_is_not_ready_until_the_application_can_be_imported(database_url, upstream, tmp_path):
    damage = tmp_path / "damaged" / "fastapi.py"
    damage.parent.mkdir()
    damage.write_text("raise ImportError('damaged')")
    variables = {"role": "gateway", "PYTHONPATH": str(damage.parent)}
    async with server_process(database_url, tmp_path / "data", **variables) as server:
        model, key = await server.rows.model(upstream.url), await server.rows.key()
        assert await readiness(server) == (200, [])  # nobody has asked for more than models
        async with wire_to(server.address) as wire:
            await wire.send(b"GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n")
            assert await wire.rest() == b""
        assert await readiness(server) == (503, ["application"])
        assert (await server.ask(post(hello(model), key))).status == 200  # what it can serve, it serves
        damage.unlink()

        async def ready() -> bool:
            return await readiness(server) == (200, [])

        await until(ready)
        models = f"GET /v1/models HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
        assert (await server.ask(models)).status == 200
        await server.stop()
