"""Any sequence of what replicas do with one holder's limits keeps them, and leaves no room that nobody gets."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from litemaas.domain.errors import RateLimitedError
from litemaas.domain.rate_limits.redis_store import RedisShares
from litemaas.domain.rate_limits.scopes import RateLimits, Scope, Scopes
from litemaas.domain.rate_limits.service import ShareService
from litemaas.domain.rate_limits.shares import NOTHING, Claim, ShareStore
from litemaas.domain.rate_limits.store import PostgresShares
from litemaas.storage.postgres import open_pool
from litemaas.storage.redis import open_redis
from support.valkey import running_valkey

WINDOW = 60.1
"""A slice of the window leaves it as a whole: what is counted may be a tenth of a second older."""

places = st.integers(0, 2)
limits = st.builds(
    RateLimits,
    rpm=st.none() | st.integers(0, 40),
    tpm=st.none() | st.integers(0, 400),
    parallel=st.none() | st.integers(0, 5),
)


@dataclass(eq=False)
class Call:
    """A call in flight."""

    replica: "Replica"
    scope: Scope
    tokens: int


@dataclass
class Truth:
    """What really happened, whatever store and replicas believe."""

    requests: list[float] = field(default_factory=list)
    tokens: list[tuple[float, int]] = field(default_factory=list)
    in_flight: list[Call] = field(default_factory=list)

    def lacks(self, limits: RateLimits, now: float, tokens: int) -> bool:
        """Tell whether a call would be above a limit."""
        rpm, tpm, parallel = limits
        used = sum(amount for at, amount in self.tokens if at > now - 60) + sum(one.tokens for one in self.in_flight)
        return (
            (rpm is not None and sum(at > now - 60 for at in self.requests) >= rpm)
            or (tpm is not None and used + tokens > tpm and (used > 0 or tpm == 0))
            or (parallel is not None and len(self.in_flight) >= parallel)
        )

    def surely_has_room(self, limits: RateLimits, now: float, tokens: int) -> bool:
        """Tell whether a call fits also beside what has just left the window."""
        return not self.lacks(limits, now, tokens) and not self.lacks(limits, now - (WINDOW - 60), tokens)


@dataclass(eq=False)
class Replica:
    """What one process has of a holder's limits."""

    store: ShareStore
    shares: ShareService
    scopes: Scopes


class LimitMachine(RuleBasedStateMachine):
    """Three replicas share the limits of one holder; `calls` are in flight."""

    calls = Bundle("calls")

    def __init__(self, runner: asyncio.Runner, new_store: Callable[[UUID], ShareStore]) -> None:
        super().__init__()
        self.runner, self.new_store = runner, new_store
        self.holder = f"key:{uuid4()}"
        self.now = 1000.0
        self.limits = RateLimits()
        self.truth = Truth()
        self.gone: list[tuple[float, ShareStore]] = []
        self.replicas = [self.new_replica() for _ in range(3)]

    def run(self, work: Awaitable[Any]) -> Any:
        return self.runner.run(work)

    def new_replica(self) -> Replica:
        async def make() -> Replica:
            store, shares = self.new_store(uuid4()), ShareService(lambda: self.now, patience=0.0)
            replica = Replica(store, shares, Scopes(shares))
            await shares.move_to(store)
            shares.open = True
            return replica

        return self.run(make())

    @initialize(limits=limits)
    def begin(self, limits: RateLimits) -> None:
        self.limits = limits

    def enter(self, place: int, tokens: int) -> Call | None:
        async def enter() -> Call | None:
            replica = self.replicas[place]
            scope = replica.scopes.get(self.holder, "key", self.limits)
            try:
                await replica.shares.make_room([scope], tokens)
            except RateLimitedError:
                return None
            scope.take(self.now, tokens)
            return Call(replica, scope, tokens)

        return self.run(enter())

    def enter_patiently(self, place: int, tokens: int) -> Call | None:
        """Enter when the others have heard that somebody wants what they do not use."""
        for _ in range(5):  # a wish holds for a second of the server's, which may be busy
            self.time_goes_by(0.5)
            call = self.enter(place, tokens)
            if call is not None:
                return call
        return None

    @rule(target=calls, place=places, tokens=st.integers(1, 20) | st.integers(1, 500))
    def call(self, place: int, tokens: int) -> Call | Any:
        call = self.enter(place, tokens)
        if call is None and self.truth.surely_has_room(self.limits, self.now, tokens):
            call = self.enter_patiently(place, tokens)
            assert call is not None
        if call is None:
            return multiple()
        assert not self.truth.lacks(self.limits, self.now, tokens)
        self.truth.in_flight.append(call)
        self.truth.requests.append(self.now)
        return call

    @rule(call=consumes(calls), share=st.integers(0, 100))
    def settle(self, call: Call, share: int) -> None:
        if call not in self.truth.in_flight:  # its process crashed
            return
        used = call.tokens * share // 100
        self.truth.in_flight.remove(call)
        self.truth.tokens.append((self.now, used))
        call.scope.settle(self.now, call.tokens, used)

    @rule(seconds=st.sampled_from([0.5, 5.0, 30.0, 61.0]))
    def time_goes_by(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end:
            self.now = min(end, self.now + 2.0)
            for replica in self.replicas:
                self.run(replica.shares.sync())
        for left_at, store in [one for one in self.gone if one[0] <= self.now - 60]:  # the server's clock stands still
            self.run(store.declare([Claim(self.holder, NOTHING, NOTHING, 0.0)], 0.0))
            self.gone.remove((left_at, store))

    @rule(place=places)
    def leave(self, place: int) -> None:
        replica = self.replicas[place]
        if not any(call.replica is replica for call in self.truth.in_flight):
            self.run(replica.shares.leave())
            self.gone.append((self.now, replica.store))
            self.replicas[place] = self.new_replica()

    @rule(limits=limits)
    def change(self, limits: RateLimits) -> None:
        """Change the limits when nothing is counted: what was not counted cannot be."""
        self.settle_all()
        self.time_goes_by(61.0)
        self.limits = limits
        for replica in self.replicas:
            replica.scopes.get(self.holder, "key", limits)

    def settle_all(self) -> None:
        for call in list(self.truth.in_flight):
            self.settle(call, 100)

    def teardown(self) -> None:
        self.settle_all()
        for replica in self.replicas:
            self.run(replica.shares.leave())


def run_machine(runner: asyncio.Runner, new_store: Callable[[UUID], ShareStore]) -> None:
    run_state_machine_as_test(
        lambda: LimitMachine(runner, new_store),
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            report_multiple_bugs=False,
            phases=set(Phase) - {Phase.shrink, Phase.explain},  # each step asks a server
        ),
    )


@pytest.mark.timeout(600)  # hundreds of transactions, one after the other
def test_no_sequence_of_events_breaks_a_limit_or_starves_a_replica_through_postgresql(database_url):
    with asyncio.Runner() as runner:
        pool = runner.run(open_pool(database_url, 4))
        try:
            run_machine(runner, lambda holder: PostgresShares(pool, holder))
        finally:
            pool.terminate()


@pytest.mark.timeout(600)
def test_no_sequence_of_events_breaks_a_limit_or_starves_a_replica_through_redis():
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            valkey = runner.run(stack.enter_async_context(running_valkey()))
            redis = runner.run(stack.enter_async_context(open_redis(valkey.url)))
            run_machine(runner, lambda holder: RedisShares(redis, holder))
        finally:
            runner.run(stack.aclose())
