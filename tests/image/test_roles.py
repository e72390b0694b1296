"""Every role of the image, run as pods are, against a real PostgreSQL and an upstream of ours."""

import re
from pathlib import Path

import asyncpg
import httpx
import pytest

from support.gateway import MASTER_KEY, environment
from support.upstream import running_upstream


@pytest.fixture
def settings(database_url):
    """What a pod of the gateway or the backend is told; where it keeps its data, the image says itself."""
    stated = environment(database_url, Path("unused"))
    del stated["LITEMAAS_DATA_DIR"]
    return stated


async def test_an_empty_database_is_awaited_and_migrated(image, postgres_server):
    async with postgres_server.database("template0") as url:
        told = {"DATABASE_URL": url}
        code, output = await image.run("litemaas", "wait-for-database", "--timeout", "30", settings=told)
        assert code == 0, output
        code, output = await image.run("litemaas", "migrate", settings=told)
        assert code == 0, output
        connection = await asyncpg.connect(url)
        try:
            assert await connection.fetchval("SELECT count(*) FROM alembic_version") == 1
        finally:
            await connection.close()
        assert await image.run("litemaas", "migrate", settings=told) == (0, "The schema is up to date.\n")


@pytest.mark.parametrize("role", ["gateway", "all"])
async def test_a_chat_goes_through_the_gateway(image, settings, role):
    async with running_upstream() as upstream, image.serving(role, "/health/readiness", settings) as client:
        await _add_model(client, upstream.url)
        key = (await _manage(client, "/key/generate", models=["small"]))["key"]
        messages = [{"role": "user", "content": "Hi"}]
        body = {"model": "small", "messages": messages}
        answer = await client.post("/v1/chat/completions", json=body, headers={"authorization": f"Bearer {key}"})
        assert answer.status_code == httpx.codes.OK, answer.text
        assert answer.json()["choices"][0]["message"]["content"] == "Hello."
        assert upstream.calls[-1].json["messages"] == messages


@pytest.mark.parametrize(("role", "ready"), [("gateway", "/health/readiness"), ("frontend", "/healthz")])
async def test_the_web_ui_is_served_with_its_files(image, settings, role, ready):
    async with image.serving(role, ready, settings if role == "gateway" else {}) as client:
        page = await client.get("/ui/")
        assert page.status_code == httpx.codes.OK
        script = re.search(r'src="(/ui/assets/[^"]+\.js)"', page.text)
        assert script, page.text
        assert (await client.get(script[1])).status_code == httpx.codes.OK


async def test_the_backend_serves_the_portal_and_no_model(image, settings):
    async with image.serving("backend", "/api/health/readiness", settings) as client:
        assert (await client.get("/api/health/liveness")).status_code == httpx.codes.OK
        assert (await client.get("/api/keys")).status_code == httpx.codes.UNAUTHORIZED
        assert (await client.post("/v1/chat/completions", json={})).status_code == httpx.codes.NOT_FOUND


async def test_the_health_check_of_the_image_tells_a_live_server_from_none(image, settings):
    kind, *command = image.config["Healthcheck"]["Test"]
    assert kind == "CMD"
    async with image.serving("gateway", "/health/readiness", settings) as client:
        here = [part.replace("127.0.0.1:4000", client.base_url.netloc.decode()) for part in command]
        assert here != command
        assert await image.run(*here) == (0, "")
    code, _ = await image.run(*here)
    assert code != 0


async def test_a_server_without_its_settings_says_which_one_is_missing(image):
    code, output = await image.run("litemaas", "serve")
    assert code != 0
    assert "DATABASE_URL is not set" in output


async def _add_model(client, url):
    parameters = {"model": "openai/upstream-name", "api_base": url, "api_key": "sk-of-the-upstream"}
    await _manage(client, "/model/new", model_name="small", litellm_params=parameters)


async def _manage(client, path, **body):
    answer = await client.post(path, json=body, headers={"authorization": f"Bearer {MASTER_KEY}"})
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()
