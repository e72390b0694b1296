"""Redis comes and goes under load: calls go on, and it is said so in a metric, in readiness and in one log line."""

import json
import re
import socket

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from support.gateway import ServerProcess, server_process
from support.replicas import until
from support.wire import hello, post

pytestmark = pytest.mark.xdist_group("replicas")


async def redis_is_away(port: int) -> bool:
    """What `/metrics` tells."""
    async with httpx.AsyncClient() as client:
        text = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    return families["litemaas_redis_away"].samples[0].value == 1


async def degraded(server: ServerProcess) -> list[str]:
    answer = await server.ask(b"GET /health/readiness HTTP/1.1\r\nHost: a\r\n\r\n")
    assert answer.status == 200
    return json.loads(answer.body)["degraded"]


async def counted_in(server: ServerProcess, way: str) -> bool:
    answer = await server.ask(b"GET /health/readiness HTTP/1.1\r\nHost: a\r\n\r\n")
    return json.loads(answer.body)["rate_limits"] == way


def shared_through(server: ServerProcess) -> list[str]:
    """The stores that the log names, one line each."""
    return re.findall(r"rate limits are shared through (\w+)", server.output.decode())


async def test_while_redis_is_away_calls_go_on_and_everybody_is_told(database_url, upstream, valkey, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"metrics_port": port, "REDIS_URL": valkey.url}
    async with (
        server_process(database_url, tmp_path, **settings) as server,
        server_process(database_url, tmp_path, REDIS_URL=valkey.url),
    ):
        model = await server.rows.model(upstream.url)
        request = post(hello(model), await server.rows.key(rpm_limit=1000))

        async def told(*, away: bool) -> bool:
            assert (await server.ask(request)).status == 200
            return (await redis_is_away(port), await degraded(server)) == (away, ["redis"] if away else [])

        await until(lambda: told(away=False))
        await until(lambda: counted_in(server, "redis"))
        before = shared_through(server)
        await valkey.kill()
        await until(lambda: told(away=True))
        await until(lambda: counted_in(server, "postgres"))
        await valkey.start()
        await until(lambda: told(away=False))
        await until(lambda: counted_in(server, "redis"))
        assert shared_through(server)[len(before) :] == ["postgres", "redis"]
