"""Strategies: which of several deployments serves a call."""

import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from litemaas.domain.routing.deployments import DeploymentState


class Candidate(NamedTuple):
    """A deployment that could serve a call.

    Attributes:
        position: Where it stands in the model's list.
        weight: Its share of the calls, relative to the others'.
        price: Dollars for an input and an output token together.
    """

    position: int
    weight: float
    price: Decimal
    state: DeploymentState


def simple_shuffle(candidates: Sequence[Candidate]) -> Candidate:
    """At random, in proportion to the weights; among zeros alike."""
    weights = [one.weight for one in candidates]
    return random.choices(candidates, weights if any(weights) else None)[0]  # noqa: S311 - a load, not a secret, is spread


def least_busy(candidates: Sequence[Candidate]) -> Candidate:
    """The one with the fewest calls in flight for its weight."""
    return min(candidates, key=lambda one: one.state.in_flight / (one.weight or 1.0))


def lowest_latency(candidates: Sequence[Candidate]) -> Candidate:
    """The one that answered fastest lately; of those not known yet, which come first, the least busy."""
    return min(candidates, key=lambda one: (one.state.latency or 0.0, one.state.in_flight))


def lowest_cost(candidates: Sequence[Candidate]) -> Candidate:
    """The cheapest; among equals the least busy."""
    return min(candidates, key=lambda one: (one.price, one.state.in_flight))


STRATEGIES: dict[str, Callable[[Sequence[Candidate]], Candidate]] = {
    "simple-shuffle": simple_shuffle,
    "least-busy": least_busy,
    "latency-based-routing": lowest_latency,
    "cost-based-routing": lowest_cost,
    "lowest-cost": lowest_cost,
}
"""By LiteLLM's names for them, and ours."""
