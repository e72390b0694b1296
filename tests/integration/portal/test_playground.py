"""Chatting without a key: with the rights of the person, metered and limited like any call."""

import json
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from support.fleet import until
from support.portal import Browser, Site, add_model
from support.upstream import Upstream, chunk, events, running_upstream, stream

CHAT = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
PATH = "/api/playground/chat"


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with running_upstream() as running:
        yield running


async def _with_model(site: Site, upstream: Upstream) -> Browser:
    admin = site.browser()
    await admin.log_in()
    await add_model(admin, "m", upstream.url)
    return admin


async def test_a_chat_costs_what_it_used_and_belongs_to_the_person(site: Site, upstream: Upstream):
    admin, user = await _with_model(site, upstream), await site.user(user_id="ann")
    answer = await user.send("POST", PATH, json=CHAT)
    assert answer.status_code == 200
    assert answer.headers["x-litemaas-cost"] == "0.025"
    await until(lambda: not site.platform.journal.unsafe_bytes)  # the ledger has all
    summary = await user.get("/api/usage/summary")
    assert (summary["current"]["cost"], summary["current"]["requests"]) == ("0.025", 1)
    rows = (await admin.get("/api/admin/usage/breakdown", group_by="user"))["items"]
    assert [(row["id"], row["cost"]) for row in rows] == [("ann", "0.025")]
    assert (await admin.get("/api/admin/users/ann"))["spent"] == "0.025"


async def test_a_stream_ends_with_what_it_used_and_cost(site: Site, upstream: Upstream):
    await _with_model(site, upstream)
    user = await site.user()
    upstream.script = stream(
        events(chunk("Hel"), chunk("lo"), chunk(usage={"prompt_tokens": 11, "completion_tokens": 7}))
    )
    answer = await user.send("POST", PATH, json={**CHAT, "stream": True})
    told = [event for event in answer.text.split("\n\n") if event]
    assert told[-2] == "data: [DONE]"
    name, _, line = told[-1].partition("\n")
    figures = json.loads(line.removeprefix("data: "))
    assert name == "event: litemaas"
    assert (figures["input_tokens"], figures["output_tokens"]) == (11, 7)
    assert Decimal(figures["cost"]) == Decimal("0.025")
    assert figures["first_token_ms"] <= figures["duration_ms"]


async def test_a_model_that_was_not_granted_is_refused(site: Site, upstream: Upstream):
    await _with_model(site, upstream)
    user = await site.user(models=["other"])
    assert (await user.call("POST", PATH, 403, json=CHAT))["error"]["code"] == "model_not_allowed"
    assert upstream.calls == []


async def test_the_budget_of_the_person_bounds_it(site: Site, upstream: Upstream):
    await _with_model(site, upstream)
    user = await site.user(max_budget=Decimal("0.001"))
    assert (await user.call("POST", PATH, 429, json=CHAT))["error"]["code"] == "insufficient_quota"


async def test_the_rate_limit_of_the_person_bounds_it(site: Site, upstream: Upstream):
    await _with_model(site, upstream)
    user = await site.user(rpm_limit=1)
    await user.call("POST", PATH, json=CHAT)
    await user.call("POST", PATH, 429, json=CHAT)


async def test_without_a_session_or_its_token_there_is_no_chat(site: Site, upstream: Upstream):
    await _with_model(site, upstream)
    stranger, user = site.browser(), await site.user()
    await stranger.session()
    await stranger.call("POST", PATH, 401, json=CHAT)
    user.csrf_token = None
    await user.call("POST", PATH, 403, json=CHAT)
    assert upstream.calls == []


async def test_a_session_is_no_key_of_the_inference_api(site: Site, upstream: Upstream):
    await _with_model(site, upstream)
    user = await site.user(user_id="mia")
    for text in ("session of mia", user.secret):
        answer = await user.send("GET", "/v1/models", headers={"Authorization": f"Bearer {text}"})
        assert answer.status_code == 401
