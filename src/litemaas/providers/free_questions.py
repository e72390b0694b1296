"""What a provider can be asked for nothing, to learn whether it answers: its list of models, else a sign of life.

Providers that any-llm calls are asked over plain HTTP as well: its libraries are large, and a replica must not load
them to look after others. Amazon, Google's Vertex AI and IBM list models to those only who have a permission or a
session that a list alone is not worth: there a stranger's question must do. It tells that they answer, not that they
accept us.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from litemaas.providers.addressing import request_path
from litemaas.providers.registry import PROVIDERS, Provider
from litemaas.providers.upstream.fetching import host_header, split_url
from litemaas.settings import Secret


class Question(NamedTuple):
    """A GET.

    Attributes:
        header_lines: Besides the credential.
        auth_header: Carries the credential; empty: it is asked without.
        auth_prefix: What stands before the credential.
    """

    url: str
    header_lines: tuple[str, ...] = ()
    auth_header: str = ""
    auth_prefix: str = ""

    def headers(self, credential: Secret | None) -> dict[str, str]:
        """All of them."""
        lines = dict(line.split(": ", 1) for line in self.header_lines)
        if credential and self.auth_header:
            lines[self.auth_header] = f"{self.auth_prefix}{credential}"
        return lines


_Settings = Mapping[str, Any]


def _gemini(api_base: str | None, _: _Settings) -> Question:
    base = api_base or "https://generativelanguage.googleapis.com"
    return Question(f"{base}/v1beta/models?pageSize=1", auth_header="x-goog-api-key")


def _cohere(api_base: str | None, _: _Settings) -> Question:
    return Question(f"{api_base or 'https://api.cohere.com'}/v1/models?page_size=1", (), "Authorization", "Bearer ")


def _vertex(api_base: str | None, settings: _Settings) -> Question | None:
    place = settings.get("vertex_location")
    if api_base or not place:
        return Question(f"{api_base}/") if api_base else None
    return Question(f"https://{'' if place == 'global' else f'{place}-'}aiplatform.googleapis.com/")


def _bedrock(api_base: str | None, settings: _Settings) -> Question | None:
    return _amazon(api_base, "bedrock-runtime", settings)


def _sagemaker(api_base: str | None, settings: _Settings) -> Question | None:
    return _amazon(api_base, "runtime.sagemaker", settings)


def _amazon(api_base: str | None, service: str, settings: _Settings) -> Question | None:
    region = settings.get("aws_region_name")
    if api_base or not region:
        return Question(f"{api_base}/") if api_base else None
    return Question(f"https://{service}.{region}.amazonaws.com/")


def _watsonx(api_base: str | None, _: _Settings) -> Question | None:
    return Question(f"{api_base}/") if api_base else None


_FOREIGN: dict[str, Callable[[str | None, _Settings], Question | None]] = {
    "gemini": _gemini,
    "cohere": _cohere,
    "vertex_ai": _vertex,
    "bedrock": _bedrock,
    "sagemaker": _sagemaker,
    "watsonx": _watsonx,
}


def free_question(provider: str, api_base: str | None, settings: _Settings) -> Question | None:
    """What to ask; None: it is not known where, or a provider that we do not know.

    Args:
        provider: A row of the registry.
        api_base: None: where the provider is.
        settings: What else was given in `litellm_params`.

    Raises:
        ValueError: `api_base` is not a URL.
    """
    row = PROVIDERS.get(provider)
    if row is None:
        return None
    if row.dialects:
        return _list_of_models(row, api_base or row.api_base, settings)
    ask = _FOREIGN.get(provider)
    base = api_base.rstrip("/").removesuffix("/v1") if api_base else None  # as any-llm is told it
    return ask(base, settings) if ask is not None else None


def _list_of_models(row: Provider, api_base: str | None, settings: _Settings) -> Question | None:
    if not api_base:
        return None
    origin, base_path = split_url(api_base)
    path = request_path(row.name, base_path.rstrip("/"), "/models", "", settings)
    url = f"{origin.scheme}://{host_header(origin)}{path}"
    return Question(url, row.header_lines, row.auth_header, row.auth_prefix)
