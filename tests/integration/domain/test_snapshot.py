"""What replicas know follows what the database says, also what somebody changes by plain SQL."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from factories import add_account, add_key, add_model, add_team, add_user, digest
from litemaas.domain.snapshot import Changed, Snapshot
from litemaas.storage.postgres import Pool
from litemaas.storage.vault import Vault

VAULT = Vault("salt")
KEY = digest("sk-test")


@pytest.fixture
async def snapshot(pool: Pool) -> Snapshot:
    """A snapshot that has caught up; what comes after must arrive by the change feed."""
    snapshot = Snapshot(pool, VAULT)
    await snapshot.catch_up()
    return snapshot


async def test_a_new_snapshot_has_all_there_is(pool):
    await add_user(pool, "ada")
    await add_team(pool, "red")
    key = await add_key(pool, user_id="ada", team_id="red")
    await add_account(pool, f"key:{key}", "5")
    await add_account(pool, "user:ada")
    await add_model(pool, "small", credential=VAULT.seal("sk-upstream"))

    snapshot = Snapshot(pool, VAULT)
    await snapshot.catch_up()

    assert snapshot.keys[KEY].id == key
    assert set(snapshot.users) == {"ada"}
    assert set(snapshot.teams) == {"red"}
    assert {one.id: one.max_budget for one in snapshot.accounts.values()} == {f"key:{key}": 5}
    assert snapshot.catalog.models["small"].targets[0].credential == "sk-upstream"


async def test_a_key_arrives_changes_and_goes(pool, snapshot):
    key = await add_key(pool, models=["small", "beta"], aliases={"fast": "small"}, metadata={"labels": {"team": "x"}})
    await snapshot.catch_up()
    known = snapshot.keys[KEY]
    assert (known.models, known.aliases, known.labels) == (("small", "beta"), {"fast": "small"}, {"team": "x"})

    await pool.execute("UPDATE keys SET blocked = true, rpm_limit = 3, models = '{}'")
    await snapshot.catch_up()
    assert (snapshot.keys[KEY].blocked, snapshot.keys[KEY].rpm_limit, snapshot.keys[KEY].models) == (True, 3, ())

    await pool.execute("UPDATE keys SET deleted_at = now()")
    await snapshot.catch_up()
    assert snapshot.keys == {}

    await pool.execute("UPDATE keys SET deleted_at = NULL")
    await snapshot.catch_up()
    assert snapshot.keys[KEY].id == key

    await pool.execute("DELETE FROM keys")
    await snapshot.catch_up()
    assert snapshot.keys == {}


@pytest.mark.parametrize(("kind", "table"), [("users", "users"), ("teams", "teams")])
async def test_users_and_teams_arrive_change_and_go(pool, snapshot, kind, table):
    await {"users": add_user, "teams": add_team}[kind](pool, "one", tpm_limit=7)
    await snapshot.catch_up()
    assert getattr(snapshot, kind)["one"].tpm_limit == 7

    await pool.execute(f"UPDATE {table} SET blocked = true")
    await snapshot.catch_up()
    assert getattr(snapshot, kind)["one"].blocked

    await pool.execute(f"UPDATE {table} SET deleted_at = now()")
    await snapshot.catch_up()
    assert getattr(snapshot, kind) == {}


async def test_limits_arrive_change_and_go(pool, snapshot):
    await add_account(pool, "global", "5", "30d")
    await snapshot.catch_up()
    assert snapshot.accounts["global"].budget_duration == "30d"

    await pool.execute("UPDATE accounts SET max_budget = 6")
    await snapshot.catch_up()
    assert snapshot.accounts["global"].max_budget == 6

    await pool.execute("UPDATE accounts SET max_budget = NULL")
    await snapshot.catch_up()
    assert snapshot.accounts == {}

    await pool.execute("UPDATE accounts SET max_budget = 7")
    await snapshot.catch_up()
    await pool.execute("DELETE FROM accounts")
    await snapshot.catch_up()
    assert snapshot.accounts == {}


async def test_a_shared_budget_reaches_the_accounts_and_the_limits_of_all_who_share_it(pool, snapshot):
    await pool.execute("INSERT INTO budgets (id, max_budget, rpm_limit) VALUES ('gold', 10, 60)")
    await add_user(pool, "ada")
    await add_team(pool, "red", rpm_limit=5)
    key = await add_key(pool)
    for account in (f"key:{key}", "user:ada", "team:red"):
        await add_account(pool, account, budget_id="gold")
    await snapshot.catch_up()
    assert (snapshot.keys[KEY].rpm_limit, snapshot.users["ada"].rpm_limit, snapshot.teams["red"].rpm_limit) == (
        60,
        60,
        5,
    )

    await pool.execute("UPDATE budgets SET max_budget = 20, rpm_limit = 90")
    await snapshot.catch_up()

    assert {one.max_budget for one in snapshot.accounts.values()} == {Decimal(20)}
    assert (snapshot.keys[KEY].rpm_limit, snapshot.users["ada"].rpm_limit, snapshot.teams["red"].rpm_limit) == (
        90,
        90,
        5,
    )


async def test_models_deployments_and_prices_arrive_change_and_go(pool, snapshot):
    deployment = await add_model(pool, "small")
    await pool.execute("INSERT INTO prices (deployment_id, input_token) VALUES ($1, 0.5)", deployment)
    await snapshot.catch_up()
    assert snapshot.catalog.models["small"].targets[0].price_at(0).input_token == Decimal("0.5")

    await pool.execute("UPDATE prices SET input_token = 0.7")
    await pool.execute("UPDATE deployments SET upstream_model = 'other', timeouts = '{\"idle\": 3}'")
    await snapshot.catch_up()
    (target,) = snapshot.catalog.models["small"].targets
    assert target.price_at(0).input_token == Decimal("0.7")
    assert target.deployment.timeouts.idle == 3
    assert snapshot.catalog.named("openai/other")

    await pool.execute("UPDATE model_groups SET name = 'tiny'")
    await snapshot.catch_up()
    assert set(snapshot.catalog.models) == {"tiny"}

    await pool.execute("DELETE FROM deployments")
    await snapshot.catch_up()
    assert snapshot.catalog.models["tiny"].targets == ()

    await pool.execute("DELETE FROM model_groups")
    await snapshot.catch_up()
    assert snapshot.catalog.models == {}


async def test_a_rotated_key_is_known_by_both_texts_while_they_overlap(pool, snapshot):
    await add_key(pool, "sk-old")
    await snapshot.catch_up()
    soon = datetime.now(UTC) + timedelta(hours=1)
    await pool.execute(
        "UPDATE keys SET previous_hash = key_hash, key_hash = $1, previous_expires_at = $2", KEY.hex(), soon
    )
    await snapshot.catch_up()
    assert snapshot.keys[digest("sk-old")] is snapshot.keys[KEY]

    await pool.execute("UPDATE keys SET previous_expires_at = now()")
    await snapshot.catch_up()
    assert set(snapshot.keys) == {KEY}


async def test_a_rotation_without_overlap_forgets_the_old_text_at_once(pool, snapshot):
    await add_key(pool, "sk-old")
    await snapshot.catch_up()
    await pool.execute("UPDATE keys SET key_hash = $1", KEY.hex())
    await snapshot.catch_up()

    assert set(snapshot.keys) == {KEY}


async def test_a_gap_in_the_change_feed_loads_everything(pool, snapshot):
    await add_key(pool, "sk-one")
    await pool.execute("DELETE FROM changes")  # pruned before we looked
    await add_key(pool, "sk-two")
    seen: list[Changed] = []
    snapshot.on_change.append(seen.append)

    await snapshot.catch_up()

    assert set(snapshot.keys) == {digest("sk-one"), digest("sk-two")}
    assert seen == [Changed(None, True, None)]


async def test_a_database_restored_to_an_earlier_state_is_loaded_anew(pool, snapshot):
    await add_key(pool)
    await snapshot.catch_up()
    await pool.execute("ALTER TABLE keys DISABLE TRIGGER USER")
    await pool.execute("DELETE FROM keys")
    await pool.execute("UPDATE snapshot_version SET version = version - 1")
    await pool.execute("DELETE FROM changes WHERE version > (SELECT version FROM snapshot_version)")

    await snapshot.catch_up()

    assert snapshot.keys == {}


async def test_listeners_are_told_what_changed_and_nothing_when_nothing_did(pool, snapshot):
    seen: list[Changed] = []
    snapshot.on_change.append(seen.append)
    await snapshot.catch_up()
    assert seen == []

    key = await add_key(pool)
    await add_account(pool, "user:ada", "1")
    await snapshot.catch_up()

    assert seen == [Changed({str(key)}, True, {"user:ada"})]


async def test_spend_is_no_change(pool, snapshot):
    await add_account(pool, "global", "5")
    await snapshot.catch_up()
    version = snapshot.version
    await pool.execute("UPDATE balances SET spent = 1, leased = 2")
    await snapshot.catch_up()

    assert snapshot.version == version


async def test_what_is_not_committed_is_not_seen_and_not_missed(pool, snapshot):
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await add_key(connection)
        await snapshot.catch_up()
        assert snapshot.keys == {}
        await transaction.commit()
    await snapshot.catch_up()

    assert set(snapshot.keys) == {KEY}


async def test_old_changes_are_pruned_and_new_ones_kept(pool, snapshot):
    await add_key(pool)
    await pool.execute("UPDATE changes SET at = now() - interval '2 hours'")
    await add_user(pool, "ada")

    await snapshot.prune_changes()

    assert await pool.fetchval("SELECT array_agg(kind) FROM changes") == ["users"]


async def test_an_account_that_names_no_key_disturbs_nobody(pool, snapshot):
    await add_account(pool, "key:by-hand", "1")
    await add_key(pool)

    await snapshot.catch_up()

    assert set(snapshot.keys) == {KEY}


async def test_a_credential_of_another_salt_key_stops_nothing_but_its_deployment(pool, snapshot):
    await add_model(pool, "small")
    await snapshot.catch_up()
    version = snapshot.version
    await pool.execute("UPDATE deployments SET credential = $1", Vault("other").seal("sk"))

    await snapshot.catch_up()

    assert snapshot.version > version
    assert snapshot.catalog.models["small"].targets == ()


async def test_twenty_thousand_keys_are_known_and_followed(pool):
    await pool.execute(
        "INSERT INTO keys (id, key_hash, key_hint, models)"
        " SELECT gen_random_uuid(), encode(sha256(('sk-' || n)::bytea), 'hex'), 'hint', '{small,large}'"
        " FROM generate_series(1, 20000) AS n"
    )
    snapshot = Snapshot(pool, VAULT)
    await snapshot.catch_up()
    await pool.execute("UPDATE keys SET blocked = true WHERE key_hash = $1", digest("sk-20000").hex())
    await snapshot.catch_up()

    assert len(snapshot.keys) == 20_000
    assert [text for text, key in snapshot.keys.items() if key.blocked] == [digest("sk-20000")]
    assert len({id(key.models) for key in snapshot.keys.values()}) <= 2  # equal lists are kept once
