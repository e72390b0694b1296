"""Where in an upstream an endpoint is: below its base path, but for Azure OpenAI, whose deployments are paths."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from litemaas.providers.registry import AZURE

_MODELLESS = ("/files", "/batches", "/models", "/responses")


def request_path(provider: str, base_path: str, path: str, model: str, settings: Mapping[str, Any]) -> str:
    """The path of a request, with its query.

    Azure OpenAI has two: `/openai/v1/…`, with the model in the body as anywhere, and with an `api_version` (in
    `litellm_params`) `/openai/deployments/<deployment>/…?api-version=…`.

    Args:
        provider: A row of the registry.
        base_path: Path of the upstream's `api_base`, without a slash at its end.
        path: The endpoint, e.g. `/chat/completions`.
        model: The upstream's name of the model.
        settings: What else was given in `litellm_params`.
    """
    if provider != AZURE:
        return f"{base_path}{path}"
    base_path = base_path.removesuffix("/openai")
    version = str(settings.get("api_version") or "")
    if not version:
        return f"{base_path}/openai/v1{path}"
    deployment = "" if path.startswith(_MODELLESS) else f"/deployments/{quote(model, safe='')}"
    return f"{base_path}/openai{deployment}{path}?api-version={quote(version, safe='')}"
