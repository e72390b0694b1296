"""Where does a call go? Deployments with room, by the model's strategy; in a fair line while none has any."""

import asyncio
import time
from collections.abc import Callable, Collection
from functools import partial

from msgspec import Struct

from litemaas.domain.catalog.entities import Routing
from litemaas.domain.errors import UnavailableError
from litemaas.domain.pricing.cost import highest_token_prices
from litemaas.domain.rate_limits.errors import ParallelRequestsError
from litemaas.domain.rate_limits.scopes import RateLimits, Scope, Scopes
from litemaas.domain.rate_limits.service import ShareService
from litemaas.domain.routing.choosing import STRATEGIES, Candidate, simple_shuffle
from litemaas.domain.routing.deployments import DeploymentState
from litemaas.domain.routing.queueing import FairQueue
from litemaas.domain.serving import ServedModel, Target

_LOOK_SECONDS = 1.0  # room under a limit per minute comes with time alone


class NoDeploymentError(UnavailableError):
    """Nothing serves the model at the moment."""


class Place(Struct, frozen=True, eq=False):
    """A call's place at a deployment, until it is left (`Router.leave`)."""

    target: Target
    state: DeploymentState
    scope: Scope | None
    reserved: int


class Router:
    """Chooses deployments.

    Args:
        wait_seconds: How long a call waits for a place at a deployment.
        shares: This process's part of the deployments' limits; None: it serves alone.
    """

    def __init__(
        self,
        wait_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
        shares: ShareService | None = None,
    ) -> None:
        self.monotonic = monotonic
        self._wait_seconds = wait_seconds
        self._states: dict[str, DeploymentState] = {}
        self._scopes = Scopes(shares, "deployment:")
        self._queues: dict[str, FairQueue[Place]] = {}

    def try_place(self, model: ServedModel, tokens: int, tried: Collection[str] = ()) -> Place | None:
        """A place for a call that reserves `tokens`, at a deployment that was not `tried`.

        Returns:
            None if all that are left serve as many as they may: `wait` for one.

        Raises:
            NoDeploymentError: None is left.
        """
        if self._queues and self._queues.get(model.name):
            return None  # a new call must not overtake those in line
        if len(model.targets) == 1 and not tried:
            return self._enter(model.targets[0], tokens)
        return self._choose_place(model, tokens, tried)

    async def wait(self, model: ServedModel, tokens: int, tenant: str, tried: Collection[str] = ()) -> Place:
        """Wait in the tenant's line for a place.

        Raises:
            ParallelRequestsError: None came free in time.
            NoDeploymentError: None is left.
        """
        _untried(model, tried)
        queue = self._queues.setdefault(model.name, FairQueue())
        deadline = self.monotonic() + self._wait_seconds
        turn = queue.join(tenant, lambda: self._choose_place(model, tokens, tried), choosy=bool(tried))
        try:
            queue.serve()  # those before this call may not be able to use what is free
            while not turn.done() and (left := deadline - self.monotonic()) > 0:
                await asyncio.wait((turn,), timeout=min(_LOOK_SECONDS, left))
                queue.serve()
        except BaseException:
            if turn.done():
                self.leave(turn.result(), 0)  # somebody else can have it
            raise
        finally:
            queue.leave(tenant, turn)
            if not queue and self._queues.get(model.name) is queue:
                del self._queues[model.name]
        if turn.done():
            return turn.result()
        raise ParallelRequestsError(
            f"The model {model.name!r} serves as many calls as it can; this one waited {self._wait_seconds:g} s.",
            retry_after=5.0,
        )

    def leave(self, place: Place, tokens: int) -> None:
        """Give `place` up after a call that used `tokens`, to the next in line; once."""
        place.state.in_flight -= 1
        if place.scope is not None:
            place.scope.settle(self.monotonic(), place.reserved, tokens)
        if self._queues:
            self._serve_line(place.target.model)

    def state(self, target: Target) -> DeploymentState:
        """What we know of a deployment."""
        state = self._states.get(target.deployment.id)
        if state is None:
            state = self._states[target.deployment.id] = DeploymentState()
        return state

    def is_resting(self, deployment_id: str) -> bool:
        """Tell whether a deployment is left alone because calls failed there; from any thread."""
        state = self._states.get(deployment_id)
        return state is not None and state.cooling_until > self.monotonic()

    def waiting(self) -> dict[str, tuple[int, int]]:
        """By model: the calls in line, and of how many tenants they are; from any thread."""
        return {model: queue.size() for model, queue in tuple(self._queues.items())}

    def _serve_line(self, model: str) -> None:
        queue = self._queues.get(model)
        if queue:
            queue.serve()

    def _choose_place(self, model: ServedModel, tokens: int, tried: Collection[str]) -> Place | None:
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

    def _enter(self, target: Target, tokens: int) -> Place | None:
        deployment, scope = target.deployment, None
        state = self._states.get(deployment.id) or self.state(target)
        rpm, tpm, parallel = deployment.rpm_limit, deployment.tpm_limit, deployment.max_parallel_requests
        if rpm is not None or tpm is not None or parallel is not None:
            limits = RateLimits(rpm, tpm, parallel)
            scope = self._scopes.get(deployment.id, f"deployment {deployment.id}", limits)
            now = self.monotonic()
            if not scope.fits(now, tokens):
                scope.on_room = partial(self._serve_line, target.model)  # a larger share may be on its way
                return None
            scope.take(now, tokens)
        state.in_flight += 1
        return Place(target, state, scope, tokens)

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
