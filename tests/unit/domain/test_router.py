import asyncio
from collections import Counter
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import price
from litemaas.domain.catalog.entities import Deployment, ModelGroup, Routing
from litemaas.domain.rate_limits.errors import ParallelRequestsError
from litemaas.domain.router import NoDeploymentError, Place, Router
from litemaas.domain.serving import ServedModel, Target


class Clock:
    """Monotonic time that only a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def model(*deployments: dict, prices: dict[str, str] | None = None, **routing: object) -> ServedModel:
    """A model with a deployment for each of the given columns, called `0`, `1`, …; `prices` of an output token."""
    group = ModelGroup(id=uuid4(), name="small", routing=Routing(**routing))
    targets = []
    for number, columns in enumerate(deployments):
        fields = {"id": str(number), "group_id": group.id, "provider": "openai", "upstream_model": "m"} | columns
        paid = (price(output_token=prices[fields["id"]]),) if prices else ()
        targets.append(Target(Deployment(**fields), group.name, None, paid))
    return ServedModel(group, tuple(targets), ())


def take(router: Router, served: ServedModel, tokens: int = 0, tried: tuple[str, ...] = ()) -> str | None:
    """The id of the deployment that gives the call a place."""
    place = router.try_place(served, tokens, tried)
    return place and place.target.deployment.id


async def settled() -> None:
    """Let everything run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


# --- choosing ---


def test_a_model_without_deployments_says_so():
    with pytest.raises(NoDeploymentError, match="small"):
        Router(30).try_place(model(), 0)


def test_a_deployment_that_failed_the_call_is_not_chosen_again():
    router, served = Router(30), model({}, {}, {})

    assert {take(router, served, tried=("0", "2")) for _ in range(20)} == {"1"}
    with pytest.raises(NoDeploymentError):
        router.try_place(served, 0, ("0", "1", "2"))


def test_weights_share_out_the_calls():
    router, served = Router(30), model({"weight": 9.0}, {"weight": 1.0}, {"weight": 0.0})
    counts = Counter(take(router, served) for _ in range(4000))

    assert counts["0"] / 4000 == pytest.approx(0.9, abs=0.05)  # ten standard deviations
    assert counts["2"] == 0


def test_the_least_busy_takes_the_next_call():
    router, served = Router(30), model({}, {"weight": 2.0}, strategy="least-busy")

    assert Counter(take(router, served) for _ in range(9)) == {"0": 3, "1": 6}


def test_the_cheapest_takes_calls_until_it_is_full():
    served = model({}, {"max_parallel_requests": 2}, {}, prices={"0": "3", "1": "1", "2": "2"}, strategy="lowest-cost")
    router = Router(30)

    assert [take(router, served) for _ in range(4)] == ["1", "1", "2", "2"]


def test_the_fastest_takes_the_calls():
    router, served = Router(30), model({}, {}, strategy="latency-based-routing")
    for target, seconds in zip(served.targets, (0.5, 0.1), strict=True):
        router.state(target).succeeded(seconds)

    assert {take(router, served) for _ in range(5)} == {"1"}


# --- cooldown ---


def test_a_resting_deployment_is_avoided_until_its_rest_is_over():
    clock = Clock()
    router, served = Router(30, clock), model({}, {})
    router.state(served.targets[0]).cooling_until = clock.now + 5

    assert {take(router, served) for _ in range(20)} == {"1"}
    clock.now += 5
    assert {take(router, served) for _ in range(60)} == {"0", "1"}


def test_resting_deployments_serve_if_there_are_no_others():
    clock = Clock()
    router, served = Router(30, clock), model({}, {})
    for target in served.targets:
        router.state(target).cooling_until = clock.now + 5

    assert take(router, served) is not None
    assert take(router, served, tried=("0",)) == "1"


# --- limits of a deployment ---


def test_a_deployment_takes_as_many_calls_at_once_as_it_may():
    router, served = Router(30), model({"max_parallel_requests": 2})
    first = router.try_place(served, 0)

    assert take(router, served) == "0"
    assert take(router, served) is None
    router.leave(first, 0)
    assert take(router, served) == "0"
    assert take(router, served) is None


def test_a_deployment_takes_as_many_calls_a_minute_as_it_may():
    clock = Clock()
    router, served = Router(30, clock), model({"rpm_limit": 2})
    for _ in range(2):
        router.leave(router.try_place(served, 0), 0)

    assert take(router, served) is None
    clock.now += 61
    assert take(router, served) == "0"


def test_a_deployment_takes_as_many_tokens_a_minute_as_it_may():
    clock = Clock()
    router, served = Router(30, clock), model({"tpm_limit": 100})
    place = router.try_place(served, 60)
    assert take(router, served, 60) is None  # reserved

    router.leave(place, 90)
    assert take(router, served, 20) is None  # used
    assert take(router, served, 10) == "0"
    clock.now += 61
    assert take(router, served, 60) == "0"


def test_a_full_deployment_leaves_its_calls_to_the_others():
    router, served = Router(30), model({"max_parallel_requests": 1}, {"rpm_limit": 1}, {})

    assert Counter(take(router, served) for _ in range(30)) == {"0": 1, "1": 1, "2": 28}


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 50), st.integers(0, 80)), max_size=40))
def test_a_place_that_was_left_leaves_nothing_behind(script):
    clock = Clock()
    router = Router(30, clock)
    served = model({"max_parallel_requests": 3}, {"tpm_limit": 100}, {"rpm_limit": 10})
    taken: list[Place] = []
    for action, reserved, used in script:
        if action and (place := router.try_place(served, reserved)) is not None:
            taken.append(place)
        elif taken:
            router.leave(taken.pop(action % len(taken)), used)
    for place in taken:
        router.leave(place, 0)

    assert [router.state(target).in_flight for target in served.targets] == [0, 0, 0]
    scopes = router._scopes._scopes.values()
    assert all(scope.in_flight == scope.reserved == 0 for scope in scopes)


# --- the line ---


class Line:
    """Calls of a model that can serve one at a time, and the order in which they are served."""

    def __init__(self, wait_seconds: float = 30, *deployments: dict) -> None:
        self.clock = Clock()
        self.router = Router(wait_seconds, self.clock)
        self.model = model(*(deployments or ({"max_parallel_requests": 1},)))
        self.places = [self.router.try_place(self.model, 0) for _ in self.model.targets]
        self.served: list[str] = []

    def join(self, name: str, tried: tuple[str, ...] = ()) -> asyncio.Task:
        """Let the call `name` of the tenant that it begins with wait, until it is served."""

        async def wait() -> Place:
            place = await self.router.wait(self.model, 0, name[0], tried)
            self.served.append(name)
            self.places.append(place)
            return place

        return asyncio.ensure_future(wait())

    async def free(self, deployment: str = "0") -> None:
        """End the oldest call at a deployment."""
        place = next(one for one in self.places if one.target.deployment.id == deployment)
        self.places.remove(place)
        self.router.leave(place, 0)
        await settled()

    async def empty(self) -> None:
        while self.places:
            await self.free(self.places[0].target.deployment.id)
        assert not self.router._queues
        assert all(self.router.state(target).in_flight == 0 for target in self.model.targets)


async def test_calls_of_one_tenant_are_served_in_the_order_of_their_coming():
    line = Line()
    for number in range(4):
        line.join(f"a{number}")
        await settled()
    await line.empty()

    assert line.served == ["a0", "a1", "a2", "a3"]


async def test_tenants_take_turns():
    line = Line()
    for name in ("a0", "a1", "a2", "a3", "b0", "b1", "c0"):
        line.join(name)
        await settled()
    await line.empty()

    assert line.served == ["a0", "b0", "c0", "a1", "b1", "a2", "a3"]


async def test_a_newcomer_does_not_overtake_a_call_whose_turn_has_just_come():
    line = Line()
    line.join("a0")
    await settled()

    line.router.leave(line.places.pop(), 0)  # and before anything else runs:
    overtook = line.router.try_place(line.model, 0) is not None
    await settled()

    assert not overtook
    assert line.served == ["a0"]


async def test_a_place_that_the_first_in_line_cannot_use_goes_to_the_next():
    line = Line(30, {"max_parallel_requests": 1}, {"max_parallel_requests": 1})
    line.join("a0", tried=("0",))
    await settled()
    line.join("b0")
    await settled()

    await line.free("0")
    assert line.served == ["b0"]
    await line.free("1")
    assert line.served == ["b0", "a0"]
    await line.empty()


async def test_a_call_that_cannot_use_what_came_free_keeps_its_turn():
    line = Line(30, {"max_parallel_requests": 1}, {"max_parallel_requests": 1})
    for name, tried in (("a0", ("0",)), ("a1", ("0",)), ("b0", ("0",)), ("c0", ())):
        line.join(name, tried)
        await settled()

    await line.free("0")
    assert line.served == ["c0"]
    for _ in range(3):
        await line.free("1")
    assert line.served == ["c0", "a0", "b0", "a1"]
    await line.empty()


async def test_who_joins_a_line_in_which_nobody_wants_what_is_free_gets_it():
    line = Line(30, {"max_parallel_requests": 1}, {"max_parallel_requests": 1})
    line.join("a0", tried=("0",))
    await settled()
    await line.free("0")

    line.join("b0")
    await settled()
    assert line.served == ["b0"]
    await line.free("1")
    await line.empty()


async def test_who_has_waited_as_long_as_stated_is_told_when_to_come_back():
    line = Line(0.05)
    line.router.monotonic = asyncio.get_running_loop().time
    with pytest.raises(ParallelRequestsError, match=r"'small' serves as many calls as it can.* 0\.05 s") as refused:
        await line.join("a0")

    assert refused.value.retry_after > 0
    await line.empty()


async def test_a_call_waits_out_a_limit_per_minute():
    line = Line(100, {"rpm_limit": 1})
    waiting = line.join("a0")
    await settled()
    await line.free()
    assert not waiting.done()

    line.clock.now += 61
    await waiting  # nobody left: it looks by itself
    await line.empty()


async def test_who_leaves_the_line_is_not_waited_for():
    line = Line()
    first, second = line.join("a0"), line.join("b0")
    await settled()
    first.cancel()
    await settled()

    await line.free()
    assert line.served == ["b0"]
    assert second.done()
    await line.empty()


async def test_a_place_given_to_who_leaves_at_that_moment_goes_to_the_next():
    line = Line()
    first = line.join("a0")
    line.join("b0")
    await settled()

    line.router.leave(line.places.pop(), 0)
    first.cancel()
    await settled()

    assert line.served == ["b0"]
    assert line.router.state(line.model.targets[0]).in_flight == 1
    await line.empty()


@given(
    st.lists(
        st.tuples(st.sampled_from(["join", "free", "cancel", "run"]), st.sampled_from("abc"), st.integers(0, 9)),
        max_size=50,
    )
)
def test_whatever_happens_no_place_is_lost_and_none_stays_free_while_somebody_waits(script):
    async def play() -> None:
        line = Line(30, {"max_parallel_requests": 2}, {"max_parallel_requests": 1})
        tasks: list[asyncio.Task] = []
        for number, (action, tenant, pick) in enumerate(script):
            if action == "join":
                tasks.append(line.join(f"{tenant}{number}", tried=(("0",), ("1",), (), ())[pick % 4]))
            elif action == "cancel" and tasks:
                tasks.pop(pick % len(tasks)).cancel()
            elif action == "free" and line.places:
                line.router.leave(line.places.pop(pick % len(line.places)), 0)
            elif action == "run":
                await settled()
        await settled()
        assert sum(line.router.state(one).in_flight for one in line.model.targets) == len(line.places)
        await line.empty()
        assert all(task.done() for task in tasks)

    asyncio.run(play())


def test_prices_of_the_moment_decide():
    served = model({}, {}, prices={"0": "2", "1": "1"}, strategy="cost-based-routing")

    assert served.targets[0].prices[0].output_token == Decimal(2)
    assert take(Router(30), served) == "1"
