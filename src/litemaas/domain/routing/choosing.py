"""Which deployment serves a call."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def simple_shuffle(candidates: Sequence[T], weights: Sequence[float]) -> T:
    """One of `candidates`, at random in proportion to `weights`; among zeros alike."""
    if len(candidates) == 1:
        return candidates[0]
    usable = weights if any(weights) else [1.0] * len(candidates)
    return random.choices(candidates, usable)[0]  # noqa: S311 - a load, not a secret, is spread
