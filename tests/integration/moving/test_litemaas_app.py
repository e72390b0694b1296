from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import pytest

from litemaas.domain.moving.entities import Verdict
from litemaas.domain.moving.errors import UnreadableSourceError
from support.moving import bundle_of_app, told

ALICE, BOB = UUID(int=1 << 64), UUID(int=2 << 64)
SYSTEM = UUID("00000000-0000-0000-0000-000000000001")


@pytest.fixture
async def lived_in(app):
    """A public LiteMaaS with two people, two models and a few keys, on one database with its LiteLLM."""
    person = {"oauth_provider": "openshift", "full_name": "Alice A"}
    await app.add("users", id=SYSTEM, username="system", email="s@x", oauth_provider="system", oauth_id="system")
    await app.add("users", id=ALICE, username="alice", email="a@x", oauth_id="uid-a", roles=["admin", "user"], **person)
    await app.add("users", id=BOB, username="bob", email="b@x", oauth_provider="oidc", oauth_id="b", is_active=False)
    await app.add("LiteLLM_UserTable", user_id=str(ALICE), models=[], spend=2.5, max_budget=100)
    for name, restricted in (("granite", False), ("gpu-hog", True)):
        await app.add("models", id=name, name=name, provider="openai", restricted_access=restricted, description=name)
        await app.add_model(name)
    await app.add("subscriptions", user_id=ALICE, model_id="granite")
    await app.add("subscriptions", user_id=ALICE, model_id="gpu-hog", status="denied", status_reason="too dear")
    await app.add("subscriptions", user_id=BOB, model_id="gpu-hog", status="pending")
    return app


async def add_key(app, text, *models, litellm=True, **columns):
    value = {"lite_llm_key_value": text, "key_hash": sha256(b"local " + text.encode()).hexdigest(), "key_prefix": "sk-"}
    row = {"id": UUID(int=hash(text) % 2**64), "user_id": ALICE, "name": "mine", "litellm_key_alias": f"mine_{text}"}
    row |= value | columns
    await app.add("api_keys", **row)
    for model in models:
        await app.add("api_key_models", api_key_id=row["id"], model_id=model)
    if litellm:
        await app.add_key(text, key_alias=f"mine_{text}", user_id=str(ALICE), models=list(models), spend=0.5)


async def test_people_keep_their_identity_and_what_they_were_given(lived_in, home):
    report = await home.bring_in(await bundle_of_app(lived_in))
    alice, bob = await home.rows("SELECT id, email, alias, models, issuer, subject, blocked FROM users ORDER BY email")
    assert list(alice.values()) == [str(ALICE), "a@x", "Alice A", ["granite"], "openshift", "uid-a", False]
    assert list(bob.values()) == [str(BOB), "b@x", "bob", [], None, None, True]
    assert ("user", "bob") in told(report, Verdict.NOTED)
    spent = await home.row("SELECT spent FROM balances WHERE account_id = $1", f"user:{ALICE}")
    assert spent["spent"] == Decimal("2.5")


async def test_an_issuer_that_is_named_is_that_of_all_other_people(lived_in, home):
    await home.bring_in(await bundle_of_app(lived_in, issuer="https://sso/realms/x"))
    bob = await home.row("SELECT issuer, subject FROM users WHERE email = 'b@x'")
    assert bob == {"issuer": "https://sso/realms/x", "subject": "b"}


async def test_requests_wait_on_and_restricted_models_stay_so(lived_in, home):
    await home.bring_in(await bundle_of_app(lived_in))
    requests = await home.rows("SELECT model, status, decision_reason FROM access_requests ORDER BY status")
    assert [tuple(row.values()) for row in requests] == [
        ("gpu-hog", "denied", "too dear"),
        ("gpu-hog", "pending", None),
    ]
    models = await home.rows("SELECT name, restricted FROM model_groups ORDER BY name")
    assert [tuple(row.values()) for row in models] == [("gpu-hog", True), ("granite", False)]


async def test_keys_work_on_with_the_models_and_limits_that_their_owner_chose(lived_in, home):
    limits = {"model_max_budget": {"granite": {"budget_limit": 3, "time_period": "30d"}}}
    await add_key(lived_in, "sk-alice", "granite", **limits, model_rpm_limit={"granite": 4})
    await home.bring_in(await bundle_of_app(lived_in))
    key = await home.row("SELECT key_hash, user_id, models, model_rpm_limit, metadata FROM keys")
    digest = sha256(b"sk-alice").hexdigest()
    assert list(key.values()) == [digest, str(ALICE), ["granite"], {"granite": 4}, {"name": "mine"}]
    budget = await home.row("SELECT max_budget, budget_duration FROM accounts WHERE id LIKE '%/model:granite'")
    assert budget == {"max_budget": 3, "budget_duration": "30d"}


async def test_a_key_that_the_application_calls_inactive_is_blocked(lived_in, home):
    await add_key(lived_in, "sk-off", "granite", is_active=False)
    await home.bring_in(await bundle_of_app(lived_in))
    assert (await home.row("SELECT blocked FROM keys"))["blocked"]


async def test_a_key_that_its_litellm_does_not_know_is_not_made_to_work(lived_in, home):
    await add_key(lived_in, "sk-lost", "granite", litellm=False)
    report = await home.bring_in(await bundle_of_app(lived_in))
    assert told(report, Verdict.REFUSED) == [("key", "mine")]
    assert await home.rows("SELECT FROM keys") == []


async def test_a_second_import_changes_nothing(lived_in, home):
    await add_key(lived_in, "sk-alice", "granite")
    first = await home.bring_in(await bundle_of_app(lived_in))
    second = await home.bring_in(await bundle_of_app(lived_in))
    assert {kind: counts[Verdict.CREATED] for kind, counts in first.counts.items() if counts[Verdict.CREATED]} == {
        kind: counts[Verdict.UNCHANGED] for kind, counts in second.counts.items() if counts[Verdict.UNCHANGED]
    }


async def test_litellms_database_is_asked_for_where_it_is_another(lived_in, home):
    await lived_in.connection.execute('DROP TABLE "LiteLLM_VerificationToken"')
    with pytest.raises(UnreadableSourceError, match="too"):
        await bundle_of_app(lived_in)
