from support.management import Api, Platform

PARAMETERS = {"model": "openai/granite", "api_base": "https://models.example.com"}


async def test_a_model_gets_a_cache_and_loses_it(api: Api, platform: Platform):
    about = {"cache_ttl": 60, "cache_shared": True}
    row = await api.post("/model/new", model_name="granite", litellm_params=PARAMETERS, model_info=about)
    group = platform.snapshot.catalog.models["granite"].group
    assert (group.cache_ttl, group.cache_shared) == (60, True)
    await api.patch(f"/model/{row['model_id']}/update", model_info={"cache_ttl": None, "cache_shared": None})
    group = platform.snapshot.catalog.models["granite"].group
    assert (group.cache_ttl, group.cache_shared) == (None, False)
    changes = await platform.pool.fetchval("SELECT string_agg(a::text, '') FROM audit_log a")
    assert "cache_ttl" in changes


async def test_a_cache_that_keeps_nothing_or_for_ever_is_refused(api: Api):
    for seconds in (0, -1, 2**31):
        about = {"cache_ttl": seconds}
        await api.post("/model/new", model_name="m", litellm_params=PARAMETERS, model_info=about, status=400)


async def test_a_key_does_without_the_cache_until_it_is_told_otherwise(api: Api, platform: Platform):
    issued = await api.post("/key/generate", uses_cache=False)
    assert issued["uses_cache"] is False
    await api.post("/key/update", key=issued["key"], uses_cache=None)
    info = await api.get("/key/info", key=issued["key"])
    assert info["info"]["uses_cache"] is True
    (key,) = platform.snapshot.keys.values()
    assert key.uses_cache
