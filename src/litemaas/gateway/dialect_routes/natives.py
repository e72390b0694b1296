"""Which models take a body as it is, in its own dialect, and which need it translated into a chat.

A call is either native or translated, whichever deployment serves it: so a model is native only if all of its
deployments are.
"""

from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from litemaas.domain.errors import LiteMaaSError
from litemaas.domain.serving import ServedModel, Target
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.endpoints.rows import MESSAGES, RESPONSES
from litemaas.providers.registry import PROVIDERS

_OPENAI_HOSTS = (".openai.com", ".openai.azure.com")
_FLAG = "supports_responses"


class _Named(Struct):
    model: str = ""


def called_model(gateway: Gateway, digest: bytes | None, body: bytes) -> ServedModel | None:
    """The model that a request calls; None: it may not be called, or not so, which an exchange is to tell."""
    try:
        name = msgspec.json.decode(body, type=_Named).model
        return gateway.admissions.rights(digest or b"").permit(name).model
    except (LiteMaaSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def takes_messages(model: ServedModel) -> bool:
    """Tell whether every deployment speaks Anthropic's messages itself."""
    return bool(model.targets) and all(MESSAGES.dialect in _dialects(target) for target in model.targets)


def takes_responses(model: ServedModel) -> bool:
    """Tell whether every deployment serves OpenAI's responses itself.

    `model_info.supports_responses` says so; without it, what is known: OpenAI and vLLM do, and a model whose mode is
    `responses` would be of no use otherwise.
    """
    return bool(model.targets) and (
        model.group.mode == "responses" or all(_serves_responses(target) for target in model.targets)
    )


def speaks_openai(target: Target) -> bool:
    """Tell whether a deployment speaks OpenAI's dialect over HTTP, so that it may keep files and run batches."""
    return RESPONSES.dialect in _dialects(target)


def _serves_responses(target: Target) -> bool:
    provider = PROVIDERS.get(target.deployment.provider, PROVIDERS["openai"])
    if RESPONSES.dialect not in provider.dialects:
        return False
    said: Any = target.deployment.metadata.get(_FLAG)
    if isinstance(said, bool):
        return said
    host = urlsplit(target.deployment.api_base or provider.api_base or "").hostname or ""
    return provider.responses or host.endswith(_OPENAI_HOSTS)


def _dialects(target: Target) -> frozenset[str]:
    return PROVIDERS.get(target.deployment.provider, PROVIDERS["openai"]).dialects
