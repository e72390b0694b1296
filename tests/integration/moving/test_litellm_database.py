from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from factories import digest
from litemaas.domain.moving.entities import Protection, Verdict
from litemaas.domain.moving.errors import ProtectionLostError, UnreadableSourceError
from litemaas.domain.moving.foreign import open_foreign
from litemaas.domain.snapshot import Snapshot
from litemaas.settings import Secret
from support.moving import STAMPS, bundle_of, counted, told

# Made with PyNaCl's SecretBox under SHA-256 of "sk-salt-of-litellm".
SEALED_SECRET = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY9usyVD3gIjlbPzchXsw5crEwdDo3OEXueN8tbETrce26YA=="
SEALED_MODEL = "AgMEBQYHCAkKCwwNDg8QERITFBUWFxgZLjetsmBm7L19PHCAS12gvVMJjpNYGv-YGg7sNh6Ezg8="
IN_TWO_DAYS = (datetime.now(UTC) + timedelta(days=2)).replace(tzinfo=None)
YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).replace(tzinfo=None)
"""Prisma's timestamps have no zone."""


async def test_a_key_is_known_here_by_the_text_that_its_holder_has(litellm, home):
    await litellm.add_model()
    await litellm.add_key("sk-of-alice", key_alias="alice", user_id="alice", rpm_limit=7)
    await home.bring_in(await bundle_of(litellm))
    snapshot = Snapshot(home.pool, home.vault)
    await snapshot.catch_up()
    assert snapshot.keys[digest("sk-of-alice")].models == ("granite",)
    row = await home.row("SELECT key_hint, alias, user_id, models, rpm_limit, blocked FROM keys")
    assert row == {
        "key_hint": "lice",
        "alias": "alice",
        "user_id": "alice",
        "models": ["granite"],
        "rpm_limit": 7,
        "blocked": False,
    }


async def test_a_second_import_changes_nothing(litellm, home):
    await litellm.add_model()
    await litellm.add("LiteLLM_UserTable", user_id="alice", models=[], spend=3.5)
    await litellm.add("LiteLLM_TeamTable", team_id="t", models=["granite"], members_with_roles=[{"user_id": "alice"}])
    await litellm.add_key("sk-1", user_id="alice", team_id="t", spend=1.25, max_budget=5, budget_duration="30d")
    first = await home.bring_in(await bundle_of(litellm))
    before = await home.rows("SELECT * FROM changes")
    second = await home.bring_in(await bundle_of(litellm))
    assert counted(first, Verdict.CREATED)["key"] == 1
    assert counted(second, Verdict.CREATED) == counted(second, Verdict.UPDATED) == {}
    assert counted(second, Verdict.UNCHANGED) == counted(first, Verdict.CREATED)
    assert await home.rows("SELECT * FROM changes") == before


async def test_a_first_look_changes_nothing(litellm, home):
    await litellm.add_model()
    await litellm.add_key("sk-1")
    report = await home.look(await bundle_of(litellm))
    assert report.dry_run
    assert counted(report, Verdict.CREATED)["key"] == 1
    assert await home.rows("SELECT FROM keys UNION ALL SELECT FROM audit_log UNION ALL SELECT FROM changes") == []


async def test_budgets_go_on_where_they_were(litellm, home):
    await litellm.add("LiteLLM_BudgetTable", budget_id="b", max_budget=10, budget_duration="30d", **STAMPS)
    await litellm.add_key("sk-own", max_budget=5, budget_duration="1d", spend=4.5, budget_reset_at=IN_TWO_DAYS)
    await litellm.add_key("sk-shared", budget_id="b", spend=2.5, total_spend=9)
    await litellm.add_key("sk-over", max_budget=5, budget_duration="1d", spend=4.5, budget_reset_at=YESTERDAY)
    await home.bring_in(await bundle_of(litellm))
    money = await home.rows(
        "SELECT key_hint AS hint, a.max_budget, a.budget_id, spent, total_spent"
        " FROM keys JOIN accounts a ON a.id = 'key:' || keys.id JOIN balances ON account_id = a.id ORDER BY key_hint"
    )
    assert [tuple(row.values()) for row in money] == [
        ("-own", Decimal(5), None, Decimal("4.5"), Decimal("4.5")),
        ("ared", None, "b", Decimal("2.5"), Decimal(9)),
        ("over", Decimal(5), None, Decimal(0), Decimal("4.5")),
    ]


async def test_budgets_and_rates_for_single_models_hold(litellm, home):
    key_hash = await litellm.add_key(
        "sk-1",
        model_max_budget={"granite": {"budget_limit": 3, "time_period": "1mo", "rpm_limit": 9}, "tiny": 2},
        metadata={"model_tpm_limit": {"granite": 1000}, "tags": ["lab"], "logging": [{"secret": "x"}]},
    )
    today = datetime.now(UTC).date().isoformat()
    await litellm.add("LiteLLM_DailyUserSpend", date=today, api_key=key_hash, model_group="granite", spend=1.5)
    await home.bring_in(await bundle_of(litellm))
    accounts = await home.rows(
        "SELECT split_part(id, '/model:', 2) AS model, max_budget, budget_duration, spent"
        " FROM accounts JOIN balances ON account_id = id WHERE id LIKE '%/model:%' ORDER BY 1"
    )
    assert [tuple(row.values()) for row in accounts] == [
        ("granite", Decimal(3), "1mo", Decimal("1.5")),
        ("tiny", Decimal(2), None, Decimal(0)),
    ]
    key = await home.row("SELECT model_rpm_limit, model_tpm_limit, metadata FROM keys")
    assert key == {
        "model_rpm_limit": {"granite": 9},
        "model_tpm_limit": {"granite": 1000},
        "metadata": {"tags": ["lab"]},
    }


async def test_an_empty_list_of_models_becomes_a_word_that_everybody_sees(litellm, home):
    await litellm.add("LiteLLM_TeamTable", team_id="t", models=[])
    await litellm.add_key("sk-alone", key_alias="alone", models=[])
    await litellm.add_key("sk-of-team", key_alias="of team", models=[], team_id="t")
    report = await home.bring_in(await bundle_of(litellm))
    grants = await home.rows("SELECT alias, models FROM keys ORDER BY alias")
    assert [row["models"] for row in grants] == [["all-proxy-models"], ["all-team-models"]]
    assert told(report, Verdict.NOTED) == [("key", "alone"), ("key", "of team"), ("team", "t")]


async def test_a_key_with_access_groups_gets_those_and_not_everything(litellm, home):
    groups = {"access_group_id": "g", "access_group_name": "beta", "access_model_names": ["granite", "tiny"]}
    await litellm.add("LiteLLM_AccessGroupTable", **groups)
    await litellm.add_key("sk-1", models=[], access_group_ids=["g"])
    await home.bring_in(await bundle_of(litellm))
    assert (await home.row("SELECT models FROM keys"))["models"] == ["granite", "tiny"]


async def test_credentials_are_sealed_anew_with_our_own_salt_key(litellm, home):
    params = {"model": SEALED_MODEL, "api_key": SEALED_SECRET, "api_base": "http://vllm/v1", "rpm": 5}
    await litellm.add_model(litellm_params=params)
    await home.bring_in(await bundle_of(litellm))
    row = await home.row("SELECT upstream_model, credential, rpm_limit FROM deployments")
    assert (row["upstream_model"], row["rpm_limit"]) == ("granite-3", 5)
    assert home.vault.open(row["credential"]) == "sk-upstream-secret"
    assert "sk-upstream-secret" not in str(await home.rows("SELECT before, after FROM audit_log"))


async def test_without_the_salt_key_sealed_models_are_refused_and_the_rest_comes_in(litellm, home):
    await litellm.add_model(litellm_params={"model": SEALED_MODEL})
    await litellm.add_key("sk-1")
    report = await home.bring_in(await bundle_of(litellm, None))
    assert told(report, Verdict.REFUSED) == [("model", "granite")]
    assert counted(report, Verdict.CREATED)["key"] == 1


async def test_stored_credentials_and_variables_of_litellm_are_used(litellm, home):
    values = {"api_key": SEALED_SECRET}
    await litellm.add("LiteLLM_CredentialsTable", credential_name="c", credential_values=values, **STAMPS)
    await litellm.add("LiteLLM_Config", param_name="environment_variables", param_value={"BASE": "http://u/v1"})
    params = {"model": "openai/x", "litellm_credential_name": "c", "api_base": "os.environ/BASE"}
    await litellm.add_model(litellm_params=params)
    await home.bring_in(await bundle_of(litellm))
    row = await home.row("SELECT api_base, credential FROM deployments")
    assert row["api_base"] == "http://u/v1"
    assert home.vault.open(row["credential"]) == "sk-upstream-secret"


async def test_daily_spend_is_marked_and_follows_its_source(litellm, home):
    key_hash = await litellm.add_key("sk-1", team_id="t", user_id="alice")
    await litellm.add("LiteLLM_TeamTable", team_id="t", models=["granite"])
    row = {"user_id": "alice", "date": "2026-11-20", "api_key": key_hash, "model": "openai/granite"}
    row |= {"model_group": "granite", "custom_llm_provider": "openai", "spend": 0.1, "api_requests": 4}
    await litellm.add("LiteLLM_DailyUserSpend", **row, endpoint="/chat/completions", prompt_tokens=10)
    await litellm.add("LiteLLM_DailyUserSpend", **row, endpoint="/embeddings", prompt_tokens=5)
    await home.bring_in(await bundle_of(litellm))
    spend = await home.row("SELECT day::text, team_id, model, endpoint, cost, requests, input_tokens FROM daily_spend")
    assert list(spend.values()) == ["2026-11-20", "t", "granite", "imported", Decimal("0.2"), 8, 15]
    await litellm.connection.execute('UPDATE "LiteLLM_DailyUserSpend" SET spend = 1')
    report = await home.bring_in(await bundle_of(litellm))
    assert counted(report, Verdict.UPDATED) == {"daily_spend": 1}
    assert (await home.row("SELECT cost FROM daily_spend"))["cost"] == 2


async def test_what_was_narrowed_here_is_not_widened_by_a_second_import(litellm, home):
    await litellm.add_key("sk-1", key_alias="k")
    await home.bring_in(await bundle_of(litellm))
    await home.pool.execute("UPDATE keys SET blocked = true")
    report = await home.bring_in(await bundle_of(litellm))
    assert told(report, Verdict.KEPT) == [("key", "k")]
    assert (await home.row("SELECT blocked FROM keys"))["blocked"]
    await home.bring_in(await bundle_of(litellm), update=True)
    assert not (await home.row("SELECT blocked FROM keys"))["blocked"]


async def test_what_was_deleted_here_stays_deleted_also_with_update(litellm, home):
    await litellm.add_key("sk-1", key_alias="k", max_budget=3)
    await home.bring_in(await bundle_of(litellm))
    await home.pool.execute("UPDATE keys SET deleted_at = now()")
    await home.pool.execute("DELETE FROM accounts WHERE id LIKE 'key:%'")
    report = await home.bring_in(await bundle_of(litellm), update=True)
    assert ("key", "k") in told(report, Verdict.REFUSED)
    assert await home.rows("SELECT FROM accounts WHERE id LIKE 'key:%'") == []


@pytest.mark.parametrize("grace", [None, "1 day"])
async def test_a_text_that_was_rotated_away_here_is_not_brought_back(litellm, home, grace):
    await litellm.add_key("sk-1", key_alias="k", max_budget=3)
    await home.bring_in(await bundle_of(litellm))
    await home.pool.execute(
        "UPDATE keys SET id = gen_random_uuid(), key_hash = repeat('c', 64), previous_hash = key_hash,"
        " previous_expires_at = now() - interval '1 day'"
        if grace
        else "UPDATE keys SET key_hash = repeat('c', 64)"
    )
    report = await home.bring_in(await bundle_of(litellm), update=True)
    assert ("key", "k") in told(report, Verdict.REFUSED)
    assert await home.rows("SELECT key_hash FROM keys") == [{"key_hash": "c" * 64}]


async def test_money_that_was_spent_here_stays_spent(litellm, home):
    await litellm.add_key("sk-1", max_budget=5, spend=1)
    await home.bring_in(await bundle_of(litellm))
    await home.pool.execute("UPDATE balances SET spent = 4 WHERE account_id LIKE 'key:%'")
    await home.bring_in(await bundle_of(litellm), update=True)
    assert (await home.row("SELECT spent FROM balances WHERE account_id LIKE 'key:%'"))["spent"] == 4


async def test_a_key_whose_alias_is_in_use_here_comes_in_under_another_one(litellm, home):
    await home.pool.execute(
        "INSERT INTO keys (id, key_hash, key_hint, alias, models)"
        " VALUES (gen_random_uuid(), repeat('a', 64), 'aaaa', 'taken', '{}')"
    )
    for number in range(5):
        await litellm.add_key(f"sk-no-{number}", key_alias="taken" if number == 3 else f"free {number}", max_budget=1)
    report = await home.bring_in(await bundle_of(litellm))
    assert counted(report, Verdict.CREATED) == {"key": 5, "limit": 5, "balance": 5}
    assert told(report, Verdict.NOTED) == [("key", "taken")]
    aliases = [row["alias"] for row in await home.rows("SELECT alias FROM keys ORDER BY alias")]
    assert aliases == ["free 0", "free 1", "free 2", "free 4", "taken", "taken (no-3)"]


async def test_only_what_the_database_refuses_is_left_out_with_what_hangs_on_it(litellm, home):
    for number in range(5):
        await litellm.add_key(f"sk-{number}", key_alias=f"k{number}", max_budget=1, rpm_limit=-1 if number == 3 else 1)
    report = await home.bring_in(await bundle_of(litellm))
    assert counted(report, Verdict.CREATED) == {"key": 4, "limit": 4, "balance": 4}
    assert counted(report, Verdict.REFUSED) == {"key": 1, "limit": 1, "balance": 1}


async def test_models_join_the_group_that_has_their_name_here(litellm, home):
    await home.pool.execute("INSERT INTO model_groups (id, name) VALUES (gen_random_uuid(), 'granite')")
    await litellm.add_model()
    await home.bring_in(await bundle_of(litellm))
    served = "SELECT name FROM deployments d JOIN model_groups g ON g.id = d.group_id"
    assert await home.rows(served) == [{"name": "granite"}]


async def test_a_rotated_text_works_on_for_its_grace_period(litellm, home):
    key_hash = await litellm.add_key("sk-new")
    old = {"token": "b" * 64, "active_token_id": key_hash, "revoke_at": IN_TWO_DAYS}
    await litellm.add("LiteLLM_DeprecatedVerificationToken", **old)
    await home.bring_in(await bundle_of(litellm))
    assert (await home.row("SELECT previous_hash FROM keys"))["previous_hash"] == "b" * 64


async def test_keys_for_other_things_than_models_are_refused(litellm, home):
    await litellm.add_key("sk-admin", key_alias="admin", allowed_routes=["management_routes"])
    await litellm.add_key("sk-typed", key_alias="typed", key_type="management")
    await litellm.add_key("sk-ui", key_alias="ui", team_id="litellm-dashboard")
    await litellm.add_key("sk-path", key_alias="path", allowed_routes=["/v1/embeddings", "/v1/models*"])
    report = await home.bring_in(await bundle_of(litellm))
    assert told(report, Verdict.REFUSED) == [("key", "admin"), ("key", "typed")]
    assert told(report, Verdict.IGNORED) == [("key", "ui")]
    assert await home.rows("SELECT alias, allowed_routes FROM keys") == [
        {"alias": "path", "allowed_routes": ["/v1/embeddings", "/v1/models"]}
    ]


async def test_a_limit_that_cannot_be_read_refuses_its_key_rather_than_lose_it(litellm, home):
    await litellm.add_key("sk-1", key_alias="odd", max_budget=5, budget_duration="fortnight")
    await litellm.add("LiteLLM_BudgetTable", budget_id="b", budget_duration="fortnight", **STAMPS)
    await litellm.add_key("sk-2", key_alias="shared", budget_id="b")
    report = await home.bring_in(await bundle_of(litellm))
    assert told(report, Verdict.REFUSED) == [("budget", "b"), ("key", "odd"), ("key", "shared")]
    assert await home.rows("SELECT FROM accounts") == []


async def test_a_protection_is_not_lost_without_a_word(litellm, home):
    await litellm.add_key("sk-1", key_alias="k", metadata={"guardrails": ["pii"]}, tpd_limit=100)
    with pytest.raises(ProtectionLostError) as refused:
        await home.bring_in(await bundle_of(litellm), accepted=(Protection.LIMITS,))
    assert "--accept guardrails" in refused.value.message
    assert "--accept limits" not in refused.value.message
    assert await home.rows("SELECT FROM keys") == []
    accepted = (Protection.LIMITS, Protection.GUARDRAILS)
    report = await home.bring_in(await bundle_of(litellm), accepted=accepted)
    assert told(report, Verdict.LOST) == [("key", "k"), ("key", "k")]


async def test_a_bound_of_no_call_at_a_time_is_kept_and_said(litellm, home):
    await litellm.add_key("sk-1", key_alias="k", max_parallel_requests=0)
    report = await home.bring_in(await bundle_of(litellm))
    assert told(report, Verdict.NOTED) == [("key", "k")]
    assert await home.rows("SELECT max_parallel_requests AS most FROM keys") == [{"most": 0}]


async def test_every_import_is_in_the_audit_log(litellm, home):
    await litellm.add_key("sk-1", user_id="alice")
    await home.bring_in(await bundle_of(litellm))
    entries = await home.rows("SELECT subject_kind, action, actor FROM audit_log ORDER BY subject_kind")
    assert [entry["subject_kind"] for entry in entries] == ["installation", "key", "user"]
    assert {(entry["action"], entry["actor"]) for entry in entries} == {("import", "tests")}


async def test_members_and_aliases_of_teams_come_along(litellm, home):
    await litellm.add("LiteLLM_ModelTable", id=3, aliases={"small": "granite"}, **STAMPS)
    roles = [{"user_id": "alice", "role": "admin"}, {"user_id": "bob", "role": "user"}]
    await litellm.add("LiteLLM_TeamTable", team_id="t", models=["granite"], members_with_roles=roles, model_id=3)
    await home.bring_in(await bundle_of(litellm))
    members = await home.rows("SELECT user_id, role FROM team_members ORDER BY user_id")
    assert [tuple(row.values()) for row in members] == [("alice", "admin"), ("bob", "user")]
    assert (await home.row("SELECT aliases FROM teams"))["aliases"] == {"small": "granite"}


async def test_another_database_is_told_from_litellms(home):
    with pytest.raises(UnreadableSourceError, match="LiteLLM"):
        await bundle_of(home)


async def test_prismas_own_parameters_of_a_url_are_understood(litellm):
    url = Secret(f"{litellm.url}?schema=public&connection_limit=10&pool_timeout=20")
    async with open_foreign(url) as connection:
        assert await connection.fetchval('SELECT count(*) FROM "LiteLLM_UserTable"') == 0
