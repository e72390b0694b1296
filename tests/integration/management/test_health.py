import json

from support.management import Api, Platform
from support.upstream import Call, http, running_upstream


async def test_liveness_needs_no_key_and_is_a_bare_string(api: Api):
    for path in ("/health/liveness", "/health/liveliness", "/health/livenessz", "/livez"):
        assert await api.holding(None).get(path) == "I'm alive!"


async def test_readiness_tells_of_the_database(api: Api):
    for path in ("/health/readiness", "/readyz"):
        told = await api.holding(None).get(path)
        assert (told["status"], told["db"], told["degraded"]) == ("healthy", "connected", [])


async def test_a_replica_that_knows_enough_is_ready_without_its_database(api: Api, platform: Platform):
    platform.snapshot.confirmed_at -= 60
    told = await api.holding(None).get("/health/readiness")
    assert (told["status"], told["db"], told["degraded"]) == ("healthy", "Not connected", ["database"])
    platform.snapshot.confirmed_at -= 6000
    assert (await api.holding(None).get("/health/readiness", status=503))["status"] == "unhealthy"


async def test_a_draining_process_says_so(api: Api, platform: Platform):
    platform.draining = True
    assert await api.holding(None).get("/health/liveness", status=503) == {"status": "shutting_down"}
    await api.holding(None).get("/health/readiness", status=503)


async def answer_granite(call: Call):
    if call.path == "/v1/models":
        await call.send(http(b'{"data": [{"id": "granite"}]}'))
    else:
        failed = json.loads(call.body)["model"] != "granite"
        await call.send(http(b"{}", "500 Internal Server Error" if failed else "200 OK"))


async def test_health_calls_every_deployment(api: Api):
    async with running_upstream(answer_granite) as upstream:
        for name in ("granite", "other"):
            parameters = {"model": f"openai/{name}", "api_base": upstream.url}
            await api.post("/model/new", model_name=name, litellm_params=parameters)
        told = await api.get("/health")
        assert (told["healthy_count"], told["unhealthy_count"]) == (1, 1)
        assert told["healthy_endpoints"][0]["model"] == "openai/granite"
        assert told["unhealthy_endpoints"][0]["error"].startswith("listed: ")
        assert (await api.get("/health", model="granite"))["unhealthy_count"] == 0
    await api.holding(None).get("/health", status=401)
