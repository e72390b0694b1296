"""Whatever deployments and clients do, no place, reservation or money is left behind, and a call is booked once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.fleet import Fleet, failing, fleet, nothing_held, until
from support.gateway import InProcess
from support.upstream import STREAM_HEAD, Call, chat, framed, hanging, raw
from support.wire import hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_routing_leaks")

OUTCOMES = {
    "ok": chat(),
    "busy": failing("429 No"),
    "down": failing("503 No"),
    "refused": failing("400 No", "no"),
    "too long": failing("400 No", "no", code="context_length_exceeded"),
    "closed": raw(close=True),
    "broken": raw(STREAM_HEAD, framed(b"data: {}\n\n"), close=True),
    "silent": hanging(),
}
CALL = st.tuples(st.lists(st.sampled_from(sorted(OUTCOMES)), min_size=1, max_size=6), st.booleans(), st.booleans())
"""What happens to a call at its attempts, whether it streams, and whether its client leaves in the middle."""


class Fate:
    """Answers each call as the outcomes say that its `user` field holds, one at each attempt; then well."""

    def __init__(self) -> None:
        self.attempts: dict[str, int] = {}

    async def __call__(self, call: Call) -> None:
        user = call.json["user"]
        attempt = self.attempts[user] = self.attempts.get(user, 0) + 1
        outcomes = user.split(":")[1].split(",")
        await OUTCOMES[outcomes[attempt - 1] if attempt <= len(outcomes) else "ok"](call)


@pytest.fixture(scope="module")
async def model(gateway: InProcess) -> AsyncIterator[Fleet]:
    limits = {"max_parallel_requests": 2, "tpm_limit": 10**9}
    async with fleet(gateway, {"max_parallel_requests": 1}) as other:
        routing = {"fallbacks": [other.name], "context_window_fallbacks": [other.name], "cooldown_seconds": 0.0}
        async with fleet(gateway, limits, {"max_parallel_requests": 1}, {"rpm_limit": 10**6}, **routing) as model:
            model.upstreams += other.upstreams
            yield model


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(CALL, min_size=1, max_size=12))
async def test_no_script_of_outcomes_leaks_anything(gateway, model, calls):
    async def ask(number: int, outcomes: list[str], stream: bool, leaves: bool) -> None:  # noqa: FBT001
        outcomes = [one if leaves or one != "silent" else "down" for one in outcomes]
        user = f"{number}:{','.join(outcomes)}"
        async with wire_to(gateway.address) as wire:
            await wire.send(post(hello(model.name, user=user, stream=stream), key))
            if leaves:
                await asyncio.sleep(0.001 * number)  # wherever the call is by then
            else:
                answer = await wire.answer()
                assert answer.status in {200, 400, 429, 502}

    model.answer_with(*[Fate()] * 4)
    limits = {"max_parallel_requests": 50, "rpm_limit": 10**6, "tpm_limit": 10**9}
    key = await gateway.rows.key(max_budget="1", **limits)
    await asyncio.gather(*(ask(number, *call) for number, call in enumerate(calls)))
    await nothing_held(gateway)
    stayed = sum(not leaves for _, _, leaves in calls)
    await until(lambda: not gateway.platform.journal.unsafe_bytes)  # the ledger has all
    rows = await gateway.rows.booked(key)
    assert stayed <= len(rows) <= len(calls)
    assert await gateway.rows.spent(key) == sum(row["cost"] for row in rows)
    assert all(row["cost"] == 0 for row in rows if row["status"] in {400, 429})
