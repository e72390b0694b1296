"""Which models `up` offers: those of the upstreams it was given, else of servers on this machine, else the demo.

Upstreams do not say what their models cost. They get stated prices, so that spend is seen from the first call; whoever
knows better sets other prices in the UI or the API, and `up` leaves them alone.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from litemaas.providers.local_servers import ModelListError, find_local_servers, list_models

PRICES_SENTENCE = (
    "Prices are stated, so that spend is seen: $0.10 per million input tokens, $0.40 output, $0.02 for embeddings"
)
_INPUT_PRICE, _OUTPUT_PRICE = "0.0000001", "0.0000004"  # dollars per token
_EMBEDDING_PRICE = "0.00000002"
_DEMO_PREFIX = "up-demo-"
_EMBEDDING_NAME = re.compile(r"embed|minilm|\b(bge|e5|gte)\b", re.IGNORECASE)


class OfferedModel(NamedTuple):
    """A model of an upstream.

    Attributes:
        deployment_id: Stays the same over starts, so that a model is registered once.
        name: What clients call it, and what the upstream calls it.
        api_base: The upstream's URL.
        mode: `chat` or `embedding`.
        bounds: `max_input_tokens` and `max_output_tokens` where they are known.
    """

    deployment_id: str
    name: str
    api_base: str
    mode: str
    bounds: dict[str, int]

    @property
    def prices(self) -> dict[str, str]:
        """Dollars per token, as the management API names them."""
        if self.mode == "embedding":
            return {"input_cost_per_token": _EMBEDDING_PRICE, "output_cost_per_token": "0"}
        return {"input_cost_per_token": _INPUT_PRICE, "output_cost_per_token": _OUTPUT_PRICE}


def is_demo(deployment_id: str) -> bool:
    """Whether a deployment is one of the demo's."""
    return deployment_id.startswith(_DEMO_PREFIX)


def offered_by_upstreams(urls: Iterable[str], say: Callable[[str], None]) -> list[OfferedModel]:
    """Return the models of the upstreams at `urls`; one that does not answer is told and left out."""
    offers = []
    for url in urls:
        api_base = _with_path(url)
        try:
            names = list_models(api_base)
        except ModelListError as error:
            say(f"{error}. Add its models with `litemaas model add` when it runs.")
            continue
        offers += [_offer(name, api_base) for name in names]
    return offers


def offered_by_local_servers(say: Callable[[str], None]) -> list[OfferedModel]:
    """Return the models of model servers that run on this machine."""
    offers = []
    for server in find_local_servers():
        say(f"Found {server.name} at {server.url} ({len(server.models)} models).")
        offers += [_offer(name, server.url) for name in server.models]
    return offers


def offered_by_demo(announcement: dict[str, Any]) -> list[OfferedModel]:
    """Return the models that the demo process announced."""
    return [
        OfferedModel(
            deployment_id=f"{_DEMO_PREFIX}{model['id']}",
            name=model["id"],
            api_base=announcement["url"],
            mode=model["mode"],
            bounds={bound: model[bound] for bound in ("max_input_tokens", "max_output_tokens") if model.get(bound)},
        )
        for model in announcement["models"]
    ]


def _offer(name: str, api_base: str) -> OfferedModel:
    digest = hashlib.sha256(f"{api_base}\n{name}".encode()).hexdigest()[:16]
    mode = "embedding" if _EMBEDDING_NAME.search(name) else "chat"
    return OfferedModel(f"up-{digest}", name, api_base, mode, {})


def _with_path(url: str) -> str:
    """Return `url` with `/v1` if it names only a host: that is where OpenAI-compatible servers have their API."""
    base = url.rstrip("/")
    return base if urlsplit(base).path else f"{base}/v1"
