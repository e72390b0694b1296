from decimal import Decimal
from hashlib import sha256

import pytest

from litemaas.domain.audit.search import AuditFilter
from litemaas.domain.budgets.entities import key_account
from support.management import MASTER_KEY, Api, Platform


async def test_an_issued_key_is_shown_once_and_kept_as_a_hash(api: Api, platform: Platform):
    issued = await api.post("/key/generate", key_alias="app")
    text = issued["key"]
    assert text.startswith("sk-")
    assert issued["token"] == issued["token_id"] == sha256(text.encode()).hexdigest()
    assert issued["key_name"] == f"sk-...{text[-4:]}"
    info = await api.get("/key/info", key=text)
    assert "token" not in info["info"]
    stored = await platform.pool.fetchval("SELECT keys::text FROM keys")
    assert text not in stored


async def test_a_key_works_as_soon_as_it_is_issued_and_stops_as_soon_as_it_is_deleted(api: Api):
    text = (await api.post("/key/generate"))["key"]
    holder = api.holding(text)
    assert (await holder.get("/key/info"))["info"]["models"] == ["all-proxy-models"]
    assert await api.post("/key/delete", keys=[text]) == {"deleted_keys": [text]}
    await holder.get("/key/info", status=401)
    await api.get("/key/info", key=text, status=404)


async def test_a_key_is_named_by_text_or_by_hash(api: Api):
    issued = await api.post("/key/generate")
    by_text = await api.get("/key/info", key=issued["key"])
    by_hash = await api.get("/key/info", key=issued["token"])
    assert by_text["info"] == by_hash["info"]
    assert by_hash["key"] == issued["token"]


async def test_a_virtual_key_reads_itself_and_nothing_else(api: Api):
    mine = (await api.post("/key/generate"))["key"]
    other = (await api.post("/key/generate"))["key"]
    holder = api.holding(mine)
    await holder.get("/key/info")
    await holder.get("/key/info", key=mine)
    assert (await holder.error("GET", "/key/info", 403, params={"key": other}))["code"] == "route_not_allowed"
    for path in ("/key/list", "/key/aliases"):
        await holder.get(path, status=403)
    await holder.post("/key/generate", status=403)
    await holder.post("/key/delete", keys=[mine], status=403)


@pytest.mark.parametrize(("key", "code"), [(None, "invalid_api_key"), ("sk-unknown-unknown", "invalid_api_key")])
async def test_without_a_known_key_nothing_is_told(api: Api, key, code):
    error = await api.holding(key).error("GET", "/key/list", 401)
    assert (error["type"], error["code"]) == ("authentication_error", code)


async def test_models_left_out_are_written_down_and_an_empty_list_grants_nothing(api: Api):
    assert (await api.post("/key/generate", models=[]))["models"] == []
    assert (await api.post("/key/generate"))["models"] == ["all-proxy-models"]
    assert (await api.post("/key/generate", models=["a", "b"]))["models"] == ["a", "b"]


async def test_an_unknown_user_is_created_with_all_models(api: Api, platform: Platform):
    await api.post("/key/generate", user_id="ada")
    user = platform.snapshot.users["ada"]
    assert user.models == ["all-proxy-models"]
    assert await platform.pool.fetchval("SELECT count(*) FROM balances WHERE account_id = 'user:ada'") == 1


async def test_an_update_keeps_what_is_absent_and_clears_what_is_null(api: Api):
    text = (await api.post("/key/generate", rpm_limit=5, max_budget=1.5, duration="1d", metadata={"a": 1}))["key"]
    row = await api.post("/key/update", key=text, tpm_limit=7)
    assert (row["rpm_limit"], row["tpm_limit"], row["max_budget"]) == (5, 7, 1.5)
    row = await api.post("/key/update", key=text, rpm_limit=None, max_budget=None, duration=None, metadata=None)
    assert row["rpm_limit"] is None
    assert row["max_budget"] is None
    assert row["expires"] is None
    assert row["metadata"] == {}
    assert row["tpm_limit"] == 7


async def test_tags_outlive_new_metadata(api: Api):
    text = (await api.post("/key/generate", tags=["lab"], metadata={"a": 1}))["key"]
    row = await api.post("/key/update", key=text, metadata={"b": 2})
    assert row["metadata"] == {"b": 2, "tags": ["lab"]}


async def test_a_key_is_updated_by_its_alias(api: Api):
    await api.post("/key/generate", key_alias="app")
    assert (await api.post("/key/update", key_alias="app", rpm_limit=3))["rpm_limit"] == 3


async def test_a_rotated_key_keeps_its_limits_and_its_old_text_for_the_grace_period(api: Api):
    old = (await api.post("/key/generate", rpm_limit=5, max_budget=2))["key"]
    rotated = await api.post("/key/regenerate", key=old, grace_period="1h")
    assert rotated["key"] != old
    assert (rotated["rpm_limit"], rotated["max_budget"], rotated["rotation_count"]) == (5, 2, 1)
    await api.holding(rotated["key"]).get("/key/info")
    await api.holding(old).get("/key/info")
    again = await api.post(f"/key/{rotated['key']}/regenerate", new_key="sk-chosen-by-the-admin")
    assert again["key"] == "sk-chosen-by-the-admin"
    await api.holding(old).get("/key/info", status=401)
    await api.holding(rotated["key"]).get("/key/info", status=401)


async def test_a_blocked_key_is_refused_until_it_is_unblocked(api: Api):
    text = (await api.post("/key/generate"))["key"]
    assert (await api.post("/key/block", key=text))["blocked"] is True
    assert (await api.holding(text).error("GET", "/key/info", 401))["code"] == "key_blocked"
    await api.post("/key/unblock", key=text)
    await api.holding(text).get("/key/info")


async def test_an_alias_in_use_is_refused_and_free_again_after_deletion(api: Api):
    await api.post("/key/generate", key_alias="app")
    error = await api.error("POST", "/key/generate", 400, json={"key_alias": "app"})
    assert error["param"] == "key_alias"
    await api.post("/key/delete", key_aliases=["app"])
    await api.post("/key/generate", key_alias="app")


async def test_a_model_budget_is_an_account_of_its_own(api: Api, platform: Platform):
    issued = await api.post(
        "/key/generate",
        model_max_budget={"large": {"budget_limit": 0.5, "time_period": "1d"}, "small": {"max_budget": 2}},
    )
    assert issued["model_max_budget"]["large"]["max_budget"] == 0.5
    assert issued["model_max_budget"]["small"]["budget_limit"] == 2
    limits = {name: account.max_budget for name, account in platform.snapshot.accounts.items()}
    assert sorted(limits.values()) == [Decimal("0.5"), Decimal(2)]
    row = await api.post("/key/update", key=issued["key"], model_max_budget={"small": {"max_budget": 3}})
    assert list(row["model_max_budget"]) == ["small"]
    assert [account.max_budget for account in platform.snapshot.accounts.values()] == [Decimal(3)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("max_budget", -1),
        ("max_budget", "NaN"),
        ("max_budget", "Infinity"),
        ("rpm_limit", -1),
        ("rpm_limit", 2**70),
        ("budget_duration", "monthly"),
        ("duration", "soon"),
        ("key", "not-a-key-but-long-enough"),
        ("key", "sk-short"),
        ("models", "gpt-4"),
        ("tpm_limit_type", "dynamic"),
        ("guardrails", ["pii"]),
        ("budget_limits", [{"max_budget": 1, "budget_duration": "1d"}]),
        ("organization_id", "acme"),
        ("key_alias", "a\0b"),
        ("allowed_routes", ["management_routes"]),
    ],
)
async def test_a_value_that_cannot_hold_is_refused_by_name(api: Api, field, value):
    error = await api.error("POST", "/key/generate", 400, json={field: value})
    assert error["type"] == "invalid_request_error"
    assert error["param"].split(".")[0] == field
    assert await api.get("/key/aliases") == {"aliases": []}


async def test_empty_and_unknown_fields_are_ignored(api: Api):
    await api.post("/key/generate", guardrails=[], organization_id="", max_budget="", key_type="default", of_tomorrow=1)


async def test_keys_are_listed_page_by_page(api: Api):
    for number in range(5):
        await api.post("/key/generate", key_alias=f"key-{number}", user_id="ada" if number < 2 else "bob")
    page = await api.get("/key/list", size=2, page=2, sort_by="key_alias", sort_order="asc", return_full_object=True)
    assert [key["key_alias"] for key in page["keys"]] == ["key-2", "key-3"]
    assert (page["total_count"], page["current_page"], page["total_pages"]) == (5, 2, 3)
    assert (await api.get("/key/list", user_id="ada"))["total_count"] == 2
    assert (await api.get("/key/list", search="KEY-4"))["total_count"] == 1
    assert all(len(key) == 64 for key in (await api.get("/key/list"))["keys"])
    assert (await api.error("GET", "/key/list", 400, params={"sort_by": "key_hash; DROP TABLE keys"}))[
        "param"
    ] == "sort_by"
    assert (await api.error("GET", "/key/list", 400, params={"size": 1000}))["param"] == "size"


async def test_keys_are_listed_by_status(api: Api):
    blocked, gone = [(await api.post("/key/generate"))["key"] for _ in range(2)]
    await api.post("/key/generate")
    await api.post("/key/block", key=blocked)
    await api.post("/key/delete", keys=[gone])
    for status, count in (("active", 1), ("blocked", 1), ("deleted", 1), ("expired", 0)):
        listed = await api.call("GET", "/key/list", 200, params={"status": status, "return_full_object": True})
        assert listed["total_count"] == count, status


async def test_spend_is_reset_within_its_bounds(api: Api, platform: Platform):
    text = (await api.post("/key/generate", spend=2))["key"]
    assert (await api.get("/key/info", key=text))["info"]["spend"] == 2
    assert (await api.post(f"/key/{text}/reset_spend", reset_to=0.5))["spend"] == 0.5
    assert (await api.error("POST", f"/key/{text}/reset_spend", 400, json={"reset_to": 1}))["param"] == "reset_to"
    detail = await platform.keys.get(text)
    assert await platform.pool.fetchval(
        "SELECT spent FROM balances WHERE account_id = $1", key_account(detail.key.id)
    ) == (Decimal("0.5"))


async def test_every_change_is_in_the_audit_log_without_secrets(api: Api, platform: Platform):
    issued = await api.post("/key/generate", key_alias="app")
    await api.post("/key/update", key=issued["key"], rpm_limit=3)
    await api.post("/key/block", key=issued["key"])
    await api.post("/key/delete", keys=[issued["key"]])
    found, _ = await platform.audit.page(AuditFilter(subject_kind="key"), limit=10)
    entries = [one.entry for one in found]
    assert [entry.action for entry in entries] == ["delete", "block", "update", "issue"]
    assert entries[2].before == {"rpm_limit": None}
    assert entries[2].after == {"rpm_limit": 3}
    assert {entry.actor for entry in entries} == {"master key"}
    told = str(entries)
    assert issued["key"] not in told
    assert issued["token"] not in told
    assert MASTER_KEY not in told


async def test_the_old_text_of_a_rotated_key_is_not_given_to_another(api: Api):
    old = (await api.post("/key/generate"))["key"]
    rotated = (await api.post("/key/regenerate", key=old, grace_period="1h"))["key"]
    assert (await api.error("POST", "/key/generate", 400, json={"key": old}))["param"] == "key"
    assert (await api.error("POST", "/key/generate", 400, json={"key": rotated}))["param"] == "key"
    assert (await api.post("/key/regenerate", key=rotated, new_key=old))["key"] == old
