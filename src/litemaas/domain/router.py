"""Where does a call go? Deployments with room, by the model's strategy; in a fair line while none has any."""

import asyncio
import time
from collections.abc import Callable, Collection

from litemaas.domain.catalog.entities import Routing
from litemaas.domain.errors import UnavailableError
from litemaas.domain.pricing.cost import highest_token_prices
from litemaas.domain.rate_limits.errors import ParallelRequestsError
from litemaas.domain.rate_limits.scopes import RateLimits, Scope, Scopes
from litemaas.domain.routing.choosing import STRATEGIES, Candidate, simple_shuffle
from litemaas.domain.routing.deployments import DeploymentState
from litemaas.domain.routing.queueing import FairQueue
from litemaas.domain.serving import ServedModel, Target

_LOOK_SECONDS = 1.0  # room under a limit per minute comes with time alone


class NoDeploymentError(UnavailableError):
    """Nothing serves the model at the moment."""


class Place:
    """A call's place at a deployment, until it is left."""

    __slots__ = ("_router", "_scope", "reserved", "state", "target")

    def __init__(self, router: "Router", target: Target, state: DeploymentState, scope: Scope | None) -> None:
        self._router = router
        self._scope = scope
        self.target = target
        self.state = state
        self.reserved = 0

    def leave(self, tokens: int) -> None:
        """Give the place up after a call that used `tokens`; once."""
        self.state.in_flight -= 1
        if self._scope is not None:
            self._scope.settle(self._router.monotonic(), self.reserved, tokens)
        self._router.place_free(self.target.model)


class Router:
    """Chooses deployments.

    Args:
        wait_seconds: How long a call waits for a place at a deployment.
    """

    def __init__(self, wait_seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.monotonic = monotonic
        self._wait_seconds = wait_seconds
        self._states: dict[str, DeploymentState] = {}
        self._scopes = Scopes()
        self._queues: dict[str, FairQueue[Place]] = {}

    def try_place(self, model: ServedModel, tokens: int, tried: Collection[str] = ()) -> Place | None:
        """A place for a call that reserves `tokens`, at a deployment that was not `tried`.

        Returns:
            None if all that are left serve as many as they may: `wait` for one.

        Raises:
            NoDeploymentError: None is left.
        """
        targets = model.targets
        if len(targets) == 1 and not tried:
            return self._enter(targets[0], tokens)
        left = _untried(model, tried)
        now = self.monotonic()
        awake = [target for target in left if self.state(target).cooling_until <= now] or left
        routing = model.group.routing
        while awake:
            target = self._choose(awake, routing) if len(awake) > 1 else awake[0]
            place = self._enter(target, tokens)
            if place is not None:
                return place
            awake.remove(target)
        return None

    async def wait(self, model: ServedModel, tokens: int, tenant: str, tried: Collection[str] = ()) -> Place:
        """Wait in the tenant's line for a place.

        Raises:
            ParallelRequestsError: None came free in time.
            NoDeploymentError: None is left.
        """
        _untried(model, tried)
        queue = self._queues.setdefault(model.name, FairQueue())
        deadline = self.monotonic() + self._wait_seconds
        turn = queue.join(tenant, lambda: self.try_place(model, tokens, tried), choosy=bool(tried))
        try:
            queue.serve()  # those before this call may not be able to use what is free
            while not turn.done() and (left := deadline - self.monotonic()) > 0:
                await asyncio.wait((turn,), timeout=min(_LOOK_SECONDS, left))
                queue.serve()
        except BaseException:
            if turn.done():
                turn.result().leave(0)  # somebody else can have it
            raise
        finally:
            queue.leave(tenant, turn)
        if turn.done():
            return turn.result()
        raise ParallelRequestsError(
            f"The model {model.name!r} serves as many calls as it can; this one waited {self._wait_seconds:g} s.",
            retry_after=5.0,
        )

    def waiting(self, model: str) -> bool:
        """Tell whether calls of `model` wait in line: a new one must not overtake them."""
        queue = self._queues.get(model)
        return bool(queue)

    def place_free(self, model: str) -> None:
        """Serve the next in line."""
        queue = self._queues.get(model)
        if queue:
            queue.serve()

    def state(self, target: Target) -> DeploymentState:
        """What we know of a deployment."""
        state = self._states.get(target.deployment.id)
        if state is None:
            state = self._states[target.deployment.id] = DeploymentState()
        return state

    def _enter(self, target: Target, tokens: int) -> Place | None:
        deployment = target.deployment
        scope = None
        if deployment.rpm_limit is not None or deployment.tpm_limit is not None or deployment.max_parallel_requests:
            limits = RateLimits(deployment.rpm_limit, deployment.tpm_limit, deployment.max_parallel_requests)
            scope = self._scopes.get(deployment.id, f"deployment {deployment.id}", limits)
            now = self.monotonic()
            if not scope.fits(now, tokens):
                return None
            scope.take(now, tokens)
        state = self.state(target)
        state.in_flight += 1
        place = Place(self, target, state, scope)
        place.reserved = tokens
        return place

    def _choose(self, targets: list[Target], routing: Routing) -> Target:
        candidates = []
        for position, target in enumerate(targets):
            input_price, output_price = highest_token_prices(target.price_at(time.time()))
            weight, price = target.deployment.weight, input_price + output_price
            candidates.append(Candidate(position, weight, price, self.state(target)))
        return targets[STRATEGIES.get(routing.strategy, simple_shuffle)(candidates).position]


def _untried(model: ServedModel, tried: Collection[str]) -> list[Target]:
    left = [target for target in model.targets if target.deployment.id not in tried]
    if not left:
        raise NoDeploymentError(f"Nothing serves the model {model.name!r} at the moment. Try again later.")
    return left
