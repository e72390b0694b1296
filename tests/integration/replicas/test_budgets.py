"""A budget holds over all replicas together, to the last call, also when one of them is killed."""

import asyncio
from decimal import Decimal

import pytest

from support.instance import Instance, instance
from support.wire import hello, post

pytestmark = pytest.mark.xdist_group("replicas")

COST = Decimal("0.000014")
AFFORDED = 200
ENOUGH = 195
PATIENCE = 60.0
PAUSE = 0.5


class Callers:
    """Clients that try again when they are refused, until enough calls have passed."""

    def __init__(self, replicas: Instance, request: bytes) -> None:
        self.passed = 0
        self._replicas = replicas
        self._request = request

    async def call(self) -> None:
        while True:
            try:
                if (await self._replicas.ask(self._request)).status == 200:
                    self.passed += 1
                    return
            except (OSError, asyncio.IncompleteReadError):
                pass  # its replica was killed
            if self.passed >= ENOUGH:
                return
            await asyncio.sleep(PAUSE)  # as a client does that is told to come back


@pytest.mark.timeout(240)
@pytest.mark.parametrize("killed", [False, True], ids=["all live", "one is killed"])
async def test_of_five_hundred_calls_at_once_as_many_pass_as_the_budget_affords(
    killed, database_url, upstream, tmp_path
):
    async with instance(database_url, tmp_path) as replicas:
        model = await replicas.rows.model(upstream.url, input_token="0")
        key = await replicas.rows.key(max_budget=str(AFFORDED * COST))
        callers = Callers(replicas, post(hello(model), key))
        calls = [asyncio.ensure_future(callers.call()) for _ in range(500)]
        if killed:
            await upstream.until(lambda: len(upstream.calls) >= 50)
            victim = replicas.replicas[0]
            await replicas.take_out(victim)
            await victim.kill()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*calls)
        await replicas.rows.until("SELECT sum(leased) FROM balances", 0)
        rows = await replicas.rows.booked(key)
        assert ENOUGH <= callers.passed <= len(rows) <= AFFORDED
        assert await replicas.rows.spent(key) == sum(row["cost"] for row in rows) == len(rows) * COST
