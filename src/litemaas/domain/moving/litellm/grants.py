"""LiteLLM's lists of models as grants of ours.

An empty list means all models there and none here, so it becomes a word that says so and that everybody sees.
"""

from collections.abc import Sequence

from litemaas.domain.access.grants import ALL_PROXY_MODELS, ALL_TEAM_MODELS
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.moving.litellm.findings import Findings

_ALL_INFERENCE = frozenset({"llm_api_routes", "openai_routes"})
_INFERENCE_KEY_TYPES = (None, "", "default", "llm_api")


def read_grants(
    findings: Findings, kind: str, name: str, models: Sequence[str] | None, *, of_team: bool = False
) -> list[str]:
    """The grants that `models` means."""
    if models:
        return list(models)
    word = ALL_TEAM_MODELS if of_team else ALL_PROXY_MODELS
    findings.noted(kind, name, f"An empty list of models means all of them in LiteLLM; it becomes {word}.")
    return [word]


def read_routes(routes: Sequence[str] | None, key_type: str | None = None) -> list[str]:
    """The path prefixes that a key's `allowed_routes` mean; the empty list is every inference route.

    Raises:
        InvalidInputError: The key is for something else than inference.
    """
    if key_type not in _INFERENCE_KEY_TYPES:
        raise InvalidInputError(f"It is a key for {key_type} routes; ours call models only.")
    if not routes or _ALL_INFERENCE.intersection(routes):
        return []
    # A path with a place for a name cannot be said as a prefix without allowing more.
    paths = [route.removesuffix("*") for route in routes if route.startswith("/") and "{" not in route]
    if not paths:
        raise InvalidInputError(f"It may call {', '.join(routes)} only; ours call models only.")
    return paths
