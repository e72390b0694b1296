"""Any sequence of what replicas do with one budget keeps its limit and loses no money."""

import asyncio
import shutil
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from factories import add_account
from litemaas.domain.administration.limits import change_limits
from litemaas.domain.budgets.entities import Limits
from litemaas.domain.budgets.errors import InsufficientBudgetError
from litemaas.domain.budgets.keeping import recall, renew
from litemaas.domain.budgets.leases import Hold
from litemaas.domain.budgets.periods import window_start
from litemaas.storage.journal import orphans
from litemaas.storage.postgres import Pool, open_pool
from support.replicas import Replica

ZERO = Decimal(0)
IMPATIENT = 0.0
BEGIN = datetime(2026, 11, 22, 13, 30, tzinfo=UTC).timestamp()

cents = st.integers(1, 400).map(lambda number: Decimal(number) / 100)
shares = st.integers(0, 100).map(lambda number: Decimal(number) / 100)
limits = st.integers(0, 20).map(Decimal)
places = st.integers(0, 1)


@dataclass(eq=False)
class Call:
    """A call in flight."""

    replica: Replica
    held: Decimal
    holds: list[Hold]
    started_at: float


@dataclass
class Settled:
    """A call that ended, and whether its record is in the ledger."""

    replica: Replica
    cost: Decimal
    started_at: float
    in_ledger: bool = False


@dataclass
class Budget:
    """What is true, whatever the database and the replicas believe."""

    limit: Decimal | None
    duration: str | None = None
    settled: list[Settled] = field(default_factory=list)
    in_flight: list[Call] = field(default_factory=list)
    excess: Decimal = ZERO
    """What may be spent above the limit: above a hold, reclaimed from a lease that ended, or never held."""

    def start(self, moment: float) -> datetime:
        return window_start(self.duration, datetime.fromtimestamp(moment, UTC))

    def spent(self, moment: float) -> Decimal:
        return sum((one.cost for one in self.settled if self.start(one.started_at) == self.start(moment)), ZERO)

    def committed(self, moment: float) -> Decimal:
        held = (one.held for one in self.in_flight if self.start(one.started_at) == self.start(moment))
        return self.spent(moment) + sum(held, ZERO)

    def at_risk(self, replica: Replica | None = None) -> Decimal:
        """Money of one replica or all that PostgreSQL has not been told of."""
        unshipped = (one.cost for one in self.settled if not one.in_ledger and replica in (None, one.replica))
        return sum(unshipped, ZERO) + sum((one.held for one in self.in_flight if replica in (None, one.replica)), ZERO)


class BudgetMachine(RuleBasedStateMachine):
    """Two replicas at a time share one account; `calls` are in flight."""

    calls = Bundle("calls")

    def __init__(self, runner: asyncio.Runner, pool: Pool, journals: Path) -> None:
        super().__init__()
        self.runner, self.pool, self.journals = runner, pool, journals / uuid4().hex
        self.team = uuid4().hex
        self.account = f"team:{self.team}"
        self.now = BEGIN
        self.budget = Budget(Decimal(10))
        self.run(add_account(pool, self.account, "10"))
        self.replicas = [self.new_replica(), self.new_replica()]

    def run(self, work: Awaitable[Any]) -> Any:
        return self.runner.run(work)

    def new_replica(self) -> Replica:
        return Replica(self.pool, self.journals, wall_clock=lambda: self.now)

    @rule(target=calls, place=places, amount=cents)
    def hold(self, place: int, amount: Decimal) -> Call | Any:
        replica, budget = self.replicas[place], self.budget
        if budget.limit is None:
            call = Call(replica, ZERO, [], self.now)
        else:
            try:
                holds = self.run(replica.hold(amount, self.account, patience=IMPATIENT))
            except InsufficientBudgetError:
                return multiple()
            assert budget.committed(self.now) + amount <= budget.limit + budget.excess
            call = Call(replica, amount, holds, self.now)
        budget.in_flight.append(call)
        return call

    @rule(call=consumes(calls), share=shares, above=st.just(ZERO) | cents)
    def settle(self, call: Call, share: Decimal, above: Decimal) -> None:
        if call not in self.budget.in_flight:  # its process crashed
            return
        cost = call.held * share if not above else call.held + above
        self.run(call.replica.settle(call.holds, cost, team_id=self.team, started_at=call.started_at))
        self.budget.in_flight.remove(call)
        self.budget.settled.append(Settled(call.replica, cost, call.started_at))
        self.budget.excess += max(ZERO, cost - call.held)

    @rule(call=consumes(calls))
    def release(self, call: Call) -> None:
        if call in self.budget.in_flight:
            self.budget.in_flight.remove(call)
            for hold in call.holds:
                hold.release()

    @rule(place=places)
    def ship(self, place: int) -> None:
        replica = self.replicas[place]
        assert self.run(replica.shipper.drain())
        self.note_shipped(replica)

    def note_shipped(self, *replicas: Replica) -> None:
        for one in self.budget.settled:
            one.in_ledger = one.in_ledger or one.replica in replicas

    @rule(place=places)
    def give_back(self, place: int) -> None:
        self.run(self.replicas[place].give_back())

    @rule(place=places)
    def renew(self, place: int) -> None:
        self.run(renew(self.replicas[place].budgets))

    @rule(place=places)
    def expire(self, place: int) -> None:
        """A replica is cut off for so long that its lease ends; what it has not shipped is no longer set aside."""
        replica = self.replicas[place]
        replica.monotonic.ahead += replica.lease_seconds
        self.run(
            self.pool.execute("UPDATE leases SET expires_at = now() - interval '1 s' WHERE holder = $1", replica.holder)
        )
        self.budget.excess += self.budget.at_risk(replica)

    @rule(place=places, adopted=st.booleans())
    def crash(self, place: int, *, adopted: bool) -> None:
        """Calls in flight end with their process and cost nothing; the journal stays."""
        replica = self.replicas[place]
        replica.crash()
        self.budget.in_flight = [one for one in self.budget.in_flight if one.replica is not replica]
        self.replicas[place] = self.new_replica()
        if adopted:
            self.run(self.adopt())

    async def adopt(self) -> None:
        for journal in orphans(self.journals):
            await self.replicas[0].shipper._adopt(journal)
        self.note_shipped(*{one.replica for one in self.budget.settled if one.replica not in self.replicas})

    @rule(limit=limits | st.none())
    def change_limit(self, limit: Decimal | None) -> None:
        if self.budget.limit is None and limit is not None:
            self.budget.excess += self.budget.at_risk()  # what nobody held is not known before it is shipped
        self.budget.limit = limit
        self.change()

    @rule(duration=st.sampled_from([None, "1h", "1d"]))
    def change_window(self, duration: str | None) -> None:
        if duration != self.budget.duration:
            self.budget.excess += self.budget.at_risk()
        self.budget.duration = duration
        self.change()

    def change(self) -> None:
        async def write() -> None:
            async with self.pool.acquire() as connection, connection.transaction():
                changed = Limits(max_budget=self.budget.limit, budget_duration=self.budget.duration)
                await change_limits(connection, self.account, changed, datetime.fromtimestamp(self.now, UTC))

        self.run(write())
        for replica in self.replicas:
            recall(replica.budgets, [self.account])

    @rule(hours=st.integers(0, 3).map(lambda number: number / 2))
    def time_goes_by(self, hours: float) -> None:
        self.now += 3600 * hours

    @invariant()
    def leased_money_is_that_of_the_leases(self) -> None:
        leased, rows = self.run(
            self.pool.fetchrow(
                "SELECT leased, (SELECT COALESCE(sum(amount), 0) FROM leases"
                " WHERE leases.account_id = $1 AND leases.window_start = balances.window_start)"
                " FROM balances WHERE account_id = $1",
                self.account,
            )
        )
        assert leased == rows >= 0

    def teardown(self) -> None:
        for call in self.budget.in_flight:
            for hold in call.holds:
                hold.release()
        self.run(self.end())
        shutil.rmtree(self.journals, ignore_errors=True)

    async def end(self) -> None:
        await self.adopt()
        for replica in self.replicas:
            await replica.leave()
        start, spent, leased, total = await self.pool.fetchrow(
            "SELECT window_start, spent, leased, total_spent FROM balances WHERE account_id = $1", self.account
        )
        costs = [one.cost for one in self.budget.settled]
        assert total == sum(costs)
        assert leased == 0
        in_window = [one.cost for one in self.budget.settled if self.budget.start(one.started_at) == start]
        assert spent == sum(in_window)
        left = (self.budget.limit or ZERO) - self.budget.spent(self.now)
        if left > 0:
            fresh = self.new_replica()
            assert await fresh.hold(left, self.account, patience=IMPATIENT)
            fresh.crash()


@pytest.mark.timeout(600)  # hundreds of transactions, one after the other
def test_no_sequence_of_events_overspends_a_budget_or_loses_its_money(database_url, journals):
    with asyncio.Runner() as runner:
        pool = runner.run(open_pool(database_url, 4))
        try:
            run_state_machine_as_test(
                lambda: BudgetMachine(runner, pool, journals),
                settings=settings(
                    max_examples=25,
                    stateful_step_count=25,
                    report_multiple_bugs=False,
                    phases=set(Phase) - {Phase.shrink, Phase.explain},  # each step asks the database
                ),
            )
        finally:
            pool.terminate()
