import pytest

from support.management import Api, Platform

CARD = r"\b\d{4}-\d{4}\b"
MODEL = {"model": "openai/granite", "api_base": "https://models.example.com"}


async def test_a_guardrail_is_added_tried_bound_and_removed_and_the_log_says_who(api: Api, platform: Platform):
    added = await api.post("/guardrail/new", name="cards", kind="pattern", action="mask", patterns=[CARD])
    assert (added["sides"], added["for_all"], added["bindings"]) == (["input", "output"], False, [])
    assert [one.name for one in platform.snapshot.guardrails] == ["cards"]
    trial = await api.post("/guardrail/test", name="cards", text="ünd 1234-5678!")
    assert trial == {"findings": [{"kind": "cards", "start": 4, "end": 13}], "masked": "ünd [cards]!"}
    await api.post("/model/new", model_name="granite", litellm_params=MODEL)
    bound = await api.post("/guardrail/bind", name="cards", holder="model", id="granite")
    assert bound["bindings"] == [{"holder": "model", "id": "granite", "key_hash": None, "key_alias": None}]
    assert platform.snapshot.guardrails[0].guards(None, None, ["granite"])
    assert (await api.post("/guardrail/unbind", name="cards", holder="model", id="granite"))["bindings"] == []
    assert (await api.post("/guardrail/delete", name="cards"))["name"] == "cards"
    assert await api.get("/guardrail/list") == {"guardrails": []}
    assert platform.snapshot.guardrails == []
    rows = await platform.pool.fetch("SELECT action FROM audit_log WHERE subject_kind = 'guardrail' ORDER BY at")
    assert [row["action"] for row in rows] == ["add", "bind", "unbind", "remove"]


async def test_a_guardrail_is_changed_and_keeps_what_was_not_named(api: Api):
    await api.post("/guardrail/new", name="keys", kind="secrets", action="log", sides=["input"])
    changed = await api.post("/guardrail/update", name="keys", action="block", for_all=True)
    assert (changed["action"], changed["sides"], changed["for_all"]) == ("block", ["input"], True)


async def test_a_key_is_bound_by_any_of_its_names_and_told_by_all_but_its_text(api: Api, platform: Platform):
    issued = await api.post("/key/generate", key_alias="ci")
    await api.post("/guardrail/new", name="keys", kind="secrets")
    (key,) = platform.snapshot.keys.values()
    told = {"holder": "key", "id": str(key.id), "key_hash": issued["token_id"], "key_alias": "ci"}
    for name in (issued["key"], issued["token_id"], "ci"):
        bound = await api.post("/guardrail/bind", name="keys", holder="key", id=name)
        assert bound["bindings"] == [told]
        assert issued["key"] not in str(bound)
        assert (await api.get("/guardrail/list"))["guardrails"][0]["bindings"] == [told]
        assert (await api.post("/guardrail/unbind", name="keys", holder="key", id=name))["bindings"] == []


async def test_a_binding_to_a_key_that_is_gone_is_told_and_undone_by_its_id(api: Api, platform: Platform):
    issued = await api.post("/key/generate")
    (key,) = platform.snapshot.keys.values()
    await api.post("/guardrail/new", name="keys", kind="secrets")
    await api.post("/guardrail/bind", name="keys", holder="key", id=issued["key"])
    await api.post("/key/delete", keys=[issued["key"]])
    (binding,) = (await api.get("/guardrail/list"))["guardrails"][0]["bindings"]
    assert binding == {"holder": "key", "id": str(key.id), "key_hash": None, "key_alias": None}
    assert (await api.post("/guardrail/unbind", name="keys", holder="key", id=binding["id"]))["bindings"] == []


async def test_a_model_that_is_renamed_stays_guarded(api: Api, platform: Platform):
    row = await api.post("/model/new", model_name="granite", litellm_params=MODEL)
    await api.post("/guardrail/new", name="keys", kind="secrets")
    await api.post("/guardrail/bind", name="keys", holder="model", id="granite")
    await api.patch(f"/model/{row['model_id']}/update", model_name="granite-4")
    assert [(one.holder, one.id) for one in platform.snapshot.guardrails[0].bindings] == [("model", "granite-4")]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"kind": "pattern"}, "patterns"),
        ({"kind": "pattern", "patterns": ["a+"]}, "patterns"),
        ({"kind": "pattern", "patterns": ["("]}, "patterns"),
        ({"kind": "secrets", "patterns": ["a"]}, "patterns"),
        ({"kind": "secrets", "entities": ["US_SSN"]}, "entities"),
        ({"kind": "personal_data", "entities": ["PERSON"]}, "entities"),
        ({"kind": "secrets", "sides": []}, "sides"),
        ({"kind": "secrets", "name": "Not A Name"}, "name"),
        ({"kind": "pigeons"}, "kind"),
    ],
)
async def test_a_guardrail_that_could_not_keep_its_promise_is_a_bad_request(api: Api, fields, param):
    error = await api.error("POST", "/guardrail/new", 400, json={"name": "x"} | fields)
    assert error["param"] == param


async def test_what_is_not_there_is_not_found(api: Api):
    await api.error("POST", "/guardrail/delete", 404, json={"name": "x"})
    await api.post("/guardrail/new", name="x", kind="secrets")
    await api.error("POST", "/guardrail/new", 400, json={"name": "x", "kind": "secrets"})
    await api.error("POST", "/guardrail/bind", 404, json={"name": "x", "holder": "key", "id": "0" * 64})
    await api.error("POST", "/guardrail/bind", 404, json={"name": "x", "holder": "key", "id": "nobody"})
    await api.error("POST", "/guardrail/bind", 404, json={"name": "x", "holder": "team", "id": "nobody"})
    await api.error("POST", "/guardrail/bind", 400, json={"name": "x", "holder": "model", "id": "nothing"})
    await api.error("POST", "/guardrail/unbind", 400, json={"name": "x", "holder": "model", "id": "nothing"})
