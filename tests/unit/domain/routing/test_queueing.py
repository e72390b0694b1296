import asyncio
from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from litemaas.domain.routing.queueing import FairQueue


class Tray:
    """What comes free: pieces of two kinds."""

    def __init__(self) -> None:
        self.free = {"x": 0, "y": 0}

    def look(self, *kinds: str) -> Callable[[], str | None]:
        def take() -> str | None:
            for kind in kinds:
                if self.free[kind]:
                    self.free[kind] -= 1
                    return kind
            return None

        return take


async def test_nothing_is_handed_over_before_it_is_there():
    tray, queue = Tray(), FairQueue()
    turn = queue.join("a", tray.look("x"), choosy=False)
    queue.serve()
    assert not turn.done()

    tray.free["x"] = 1
    queue.serve()
    assert turn.result() == "x"
    assert len(queue) == 0


async def test_all_that_is_free_is_handed_over_at_once():
    tray, queue = Tray(), FairQueue()
    turns = [queue.join(tenant, tray.look("x"), choosy=False) for tenant in "aab"]
    tray.free["x"] = 2
    queue.serve()

    assert [turn.done() for turn in turns] == [True, False, True]


async def test_nobody_passes_one_that_can_use_everything():
    tray, queue = Tray(), FairQueue()
    patient = queue.join("a", lambda: None, choosy=False)
    behind = queue.join("b", tray.look("x"), choosy=False)
    tray.free["x"] = 1
    queue.serve()
    assert not behind.done()

    queue.leave("a", patient)
    queue.serve()
    assert behind.done()


async def test_leaving_twice_or_after_one_was_served_does_nothing():
    tray, queue = Tray(), FairQueue()
    turn, other = (queue.join("a", tray.look("x"), choosy=False) for _ in range(2))
    tray.free["x"] = 1
    queue.serve()
    queue.leave("a", turn)
    queue.leave("b", turn)
    assert len(queue) == 1

    queue.leave("a", other)
    queue.leave("a", other)
    assert len(queue) == 0


class Waiting:
    """What the model knows of one that waits."""

    def __init__(self, number: int, tenant: str, wants: str, turn: asyncio.Future) -> None:
        self.number = number
        self.tenant = tenant
        self.wants = wants
        self.turn = turn


class Fairness(RuleBasedStateMachine):
    """Joins, leavings and things that come free, in any order, beside the simplest account of what must happen."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.tray = Tray()
        self.line: list[Waiting] = []
        self.turns_had: set[tuple[int, str]] = set()
        self.number = 0

    @initialize()
    def begin(self) -> None:
        self.queue: FairQueue[str] = FairQueue()

    def run(self, step: Callable[[], None]) -> None:
        async def once() -> None:
            step()

        self.loop.run_until_complete(once())

    @rule(tenant=st.sampled_from("abc"), wants=st.sampled_from(["xy", "xy", "x", "y"]))
    def join(self, tenant: str, wants: str) -> None:
        def step() -> None:
            turn = self.queue.join(tenant, self.tray.look(*wants), choosy=len(wants) == 1)
            self.line.append(Waiting(self.number, tenant, wants, turn))
            self.number += 1
            self.serve()

        self.run(step)

    @rule(kind=st.sampled_from("xy"))
    def come_free(self, kind: str) -> None:
        def step() -> None:
            self.tray.free[kind] += 1
            self.serve()

        self.run(step)

    @rule(pick=st.integers(0, 20))
    def leave(self, pick: int) -> None:
        if self.line:
            one = self.line.pop(pick % len(self.line))
            self.queue.leave(one.tenant, one.turn)

    def serve(self) -> None:
        before = list(self.line)
        self.queue.serve()
        served = [one for one in before if one.turn.done()]
        self.line = [one for one in before if not one.turn.done()]
        for one in served:
            earlier = [other for other in self.line if other.tenant == one.tenant and other.number < one.number]
            assert all(other.wants not in ("xy", one.turn.result()) for other in earlier), "first come, first served"
            self.count_turn(one)

    def count_turn(self, one: Waiting) -> None:
        """While the first of a tenant waits for anything at all, no other tenant gets two turns."""
        firsts: dict[str, Waiting] = {}
        for other in self.line:
            firsts.setdefault(other.tenant, other)
        for other in firsts.values():
            if other.wants == "xy" and other.tenant != one.tenant:
                had = (other.number, one.tenant)
                assert had not in self.turns_had, "tenants take turns"
                self.turns_had.add(had)

    @invariant()
    def nobody_waits_for_what_is_free(self) -> None:
        assert len(self.queue) == len(self.line)
        free = {kind for kind, count in self.tray.free.items() if count}
        assert not any(free & set(one.wants) for one in self.line)

    def teardown(self) -> None:
        self.loop.close()


def test_no_wake_up_is_lost_tenants_take_turns_and_each_line_keeps_its_order():
    run_state_machine_as_test(Fairness)
