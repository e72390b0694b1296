"""How an upstream is named: `<provider>/<model>`, and the address it is reached at."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from litemaas.domain.catalog.errors import AddressError, MissingExtraError, UnknownProviderError
from litemaas.providers.foreign.installed import missing_modules
from litemaas.providers.registry import PROVIDERS

_DEFAULT_PROVIDER = "openai"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ENDPOINT = re.compile(r"/(chat/completions|completions|embeddings|responses|models)/?$")
_ADDRESS = re.compile(r"[!-~]+")
_MODEL_ID = re.compile(r"[^\s\x00-\x1f\x7f]+")


class UpstreamName(NamedTuple):
    """What `litellm_params.model` says.

    Attributes:
        provider: A row of `providers.registry`.
        model: The model's id at the upstream, without the provider.
    """

    provider: str
    model: str


def split_model(name: str, provider: str | None = None) -> UpstreamName:
    """Split `<provider>/<model>` at the first slash; a name without one is a model of the provider `openai`.

    Args:
        name: As in `litellm_params.model`.
        provider: If said apart from the model, as `custom_llm_provider`.

    Raises:
        UnknownProviderError: There is no such provider.
        MissingExtraError: What the provider needs is not installed.
        AddressError: The model's id is empty or contains spaces.
    """
    if provider is None:
        prefix, slash, model = name.partition("/")
        provider, model = (prefix, model) if slash else (_DEFAULT_PROVIDER, name)
    else:
        model = name.removeprefix(f"{provider}/")
    if provider not in PROVIDERS:
        raise UnknownProviderError(
            f"There is no provider {provider!r}. For an OpenAI-compatible endpoint write openai/{name}. "
            f"Known: {', '.join(sorted(PROVIDERS))}.",
            param="litellm_params.model",
        )
    if missing := missing_modules(PROVIDERS[provider]):
        raise MissingExtraError(
            f"Models of the provider {provider!r} need {' and '.join(missing)}, which is not installed where LiteMaaS "
            "runs: install litemaas[providers].",
            param="litellm_params.model",
        )
    if not _MODEL_ID.fullmatch(model):
        raise AddressError("The model needs an id, without spaces.", param="litellm_params.model")
    return UpstreamName(provider, model)


def normalise_base(address: str | None, provider: str) -> str | None:
    """Write an API base as we keep it, so that the same endpoint always reads the same.

    The default port, trailing slashes, and an endpoint such as `/chat/completions` at the end are dropped. A path is
    kept as it is given; an address without one gets `/v1`, which is where OpenAI-compatible servers answer.

    Raises:
        AddressError: It is no http or https address, holds a user or a query, or is missing where it must be given.
    """
    row = PROVIDERS[provider]
    if address is None or not address.strip():
        if row.api_base is None and not row.library:
            raise AddressError(f"The provider {provider!r} needs an api_base.", param="litellm_params.api_base")
        return None
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError as error:
        raise AddressError(f"api_base is not an address: {error}.", param="litellm_params.api_base") from error
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or not _ADDRESS.fullmatch(address.strip()):
        raise AddressError("api_base must be an address such as https://host/v1.", param="litellm_params.api_base")
    if parts.username is not None or parts.query or parts.fragment:
        raise AddressError(
            "api_base must hold no user, password, query or fragment; credentials belong into api_key.",
            param="litellm_params.api_base",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    path = _ENDPOINT.sub("", parts.path.rstrip("/")).rstrip("/")
    return f"{parts.scheme}://{host}{path or row.base_path}"
