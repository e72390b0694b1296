"""Limits of requests and of money, as the SDK meets them."""

import asyncio
from decimal import Decimal

import openai
import pytest

pytestmark = pytest.mark.xdist_group("contract_openai")

PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 8000}}


async def test_a_limit_of_two_requests_a_minute_lets_exactly_two_of_ten_through(server, sdk, upstream, model):
    key = await server.rows.key(rpm_limit=2)
    answers = await asyncio.gather(*(sdk.chat(key, model) for _ in range(10)), return_exceptions=True)
    refusals = [answer for answer in answers if isinstance(answer, openai.RateLimitError)]
    assert len(refusals) == 8
    assert len(upstream.calls) == 2
    for refusal in refusals:
        assert (refusal.code, refusal.type) == ("rate_limit_exceeded", "rate_limit_error")
        assert 1 <= int(refusal.response.headers["retry-after"]) <= 61
    await server.booked(key, 2)


async def test_a_call_that_the_budget_does_not_cover_is_refused_for_good(server, sdk, upstream, model):
    key = await server.rows.key(max_budget="0.0001")
    with pytest.raises(openai.RateLimitError) as refusal:
        await sdk.chat(key, model, max_tokens=1000, client={"max_retries": 2})
    assert (refusal.value.code, refusal.value.type) == ("insufficient_quota", "budget_exceeded")
    assert refusal.value.response.headers["x-should-retry"] == "false"
    assert not upstream.calls


async def test_a_budget_is_never_overspent(server, sdk, upstream, model):
    """Each call may cost 0.000058 dollars and does cost 0.000025."""
    key = await server.rows.key(max_budget="0.0003")
    answers = await asyncio.gather(*(sdk.chat(key, model, max_tokens=10) for _ in range(30)), return_exceptions=True)
    passed = [answer for answer in answers if not isinstance(answer, Exception)]
    refusals = [answer for answer in answers if isinstance(answer, Exception)]
    assert {type(refusal) for refusal in refusals} == {openai.RateLimitError}
    assert {refusal.code for refusal in refusals} == {"insufficient_quota"}
    rows = await server.booked(key, len(passed))
    assert sum(row["cost"] for row in rows) == await server.rows.spent(key) <= Decimal("0.0003")
    assert len(passed) >= 9


async def test_a_call_without_a_maximum_works_on_a_dollar_and_a_dear_model(server, sdk, upstream):
    """The model may answer 128,000 tokens for 15 dollars a million: 1.92 dollars, more than there is."""
    model = await server.rows.model(
        upstream.url, input_token="0.000003", output_token="0.000015", max_output_tokens=128_000
    )
    key = await server.rows.key(max_budget="1")
    answer = await sdk.chat(key, model)
    assert answer.choices[0].message.content == "Hello."
    assert 60_000 < upstream.calls[0].json["max_tokens"] < 66_667
    (row,) = await server.booked(key)
    assert row["cost"] == 11 * Decimal("0.000003") + 7 * Decimal("0.000015")


async def test_a_repeated_request_id_is_charged_each_time(server, sdk, model, key):
    for _ in range(3):
        await sdk.chat(key, model, extra_headers={"x-request-id": "always-the-same"})
    rows = await server.booked(key, 3)
    assert {row["request_id"] for row in rows} == {"always-the-same"}
    assert len({row["id"] for row in rows}) == 3
    assert await server.rows.spent(key) == 3 * Decimal("0.000025")


@pytest.mark.parametrize(
    "dear",
    [
        {"max_tokens": 30, "n": 5},
        {"max_completion_tokens": 150},
        {"max_tokens": 1, "max_completion_tokens": 150},
        {"max_completion_tokens": 1, "max_tokens": 150},
        {"max_tokens": 30, "messages": [{"role": "user", "content": [PICTURE]}]},
        {"max_tokens": 30, "messages": [{"role": "user", "content": "x" * 1500}]},
    ],
    ids=["choices", "new name", "both, new larger", "both, old larger", "picture", "long prompt"],
)
async def test_all_that_costs_is_held_before_the_call(server, sdk, upstream, dear):
    """30 tokens fit the budget; what multiplies or adds does not."""
    model = await server.rows.model(upstream.url, input_token="0.0001", output_token="0.001")
    key = await server.rows.key(max_budget="0.1")
    with pytest.raises(openai.RateLimitError):
        await sdk.chat(key, model, **dear)
    assert not upstream.calls
    await sdk.chat(key, model, max_tokens=30)


async def test_choices_and_pictures_are_charged_by_what_the_upstream_says(server, sdk, model, key):
    await sdk.chat(key, model, n=3, messages=[{"role": "user", "content": [PICTURE]}], max_completion_tokens=20)
    (row,) = await server.booked(key)
    assert (row["input_tokens"], row["output_tokens"], row["cost"]) == (11, 7, Decimal("0.000025"))
