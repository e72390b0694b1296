"""One deployment's client of any-llm, and its calls: OpenAI's JSON in, OpenAI's JSON out."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from inspect import isawaitable, signature
from ssl import SSLContext
from typing import TYPE_CHECKING, Any

import msgspec

from litemaas.providers.foreign.failures import FieldRefusedError, RouteMissingError
from litemaas.providers.foreign.shapes import chunk_json, whole_json
from litemaas.providers.foreign.stepping import stepping
from litemaas.providers.foreign.trust import trust_options
from litemaas.settings import Secret

if TYPE_CHECKING:
    from any_llm import AnyLLM

_OPTIONS = {
    "aws_region_name": "region_name",
    "vertex_project": "project",
    "vertex_location": "location",
    "project_id": "project_id",
}
"""What LiteLLM calls options of a provider's client, and what the client calls them."""

_ADDRESSES: dict[str, Callable[[str], dict[str, Any]]] = {
    "cohere": lambda address: {"base_url": address},
    "vertexai": lambda address: {"http_options": {"base_url": address}},
}
"""Options of the clients that any-llm does not tell the address: they would send the credential somewhere else."""

_BLOCKING = frozenset(("bedrock", "sagemaker"))
"""Libraries that wait for chunks without telling the event loop; whole calls any-llm makes in threads."""

_NOTES = frozenset(("metadata", "safety_identifier", "store", "prompt_cache_retention"))
"""Fields for OpenAI's own bookkeeping, which mean nothing to another provider."""
_NO_ANSWERS = frozenset(("self", "kwargs", "timeout", "session_label"))
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Library:
    """Calls one deployment's provider.

    The library is imported at the first call, in a thread: until then a gateway pays nothing for it.

    Args:
        provider: The library's name of the provider.
        credential: None: the provider wants none, or finds its own in the environment.
        api_base: None: where the provider is.
        settings: What else was given in `litellm_params`.
        trust: Makes what says whom to trust.
    """

    def __init__(
        self,
        provider: str,
        credential: Secret | None,
        api_base: str | None,
        settings: Mapping[str, Any],
        trust: Callable[[], SSLContext],
    ) -> None:
        self._provider = provider
        self._credential = credential
        # The providers' own clients add their API's version to the address themselves.
        self._api_base = api_base = api_base.removesuffix("/v1") if api_base else None
        self._options = {theirs: settings[ours] for ours, theirs in _OPTIONS.items() if settings.get(ours)}
        if api_base and provider in _ADDRESSES:
            self._options |= _ADDRESSES[provider](api_base)
        self._trust = trust
        self._client: AnyLLM | None = None
        self._creating = asyncio.Lock()
        self._calls: dict[str, Callable[[AnyLLM, dict[str, Any]], Awaitable[Any]]] = {
            "/chat/completions": _chat,
            "/embeddings": _embed,
            "/moderations": _moderate,
            "/rerank": _rerank,
        }

    async def call(self, path: str, body: bytes) -> AsyncGenerator[bytes, None]:
        """Make a call: one piece of JSON, or one for each chunk of the stream that `body` asks for.

        Raises:
            RouteMissingError, FieldRefusedError: It cannot be made so.
            Exception: The provider's, or the library's, see `failures`.
        """
        make = self._calls.get(path)
        if make is None:
            raise RouteMissingError(path)
        client = await self._get_client()
        answer = await make(client, _decode(body))
        if not hasattr(answer, "__aiter__"):
            yield whole_json(answer)
            return
        async with aclosing(stepping(answer) if self._provider in _BLOCKING else answer) as chunks:
            async for chunk in chunks:
                yield chunk_json(chunk)

    async def close(self) -> None:
        """Close the connections of the provider's own client, each of which calls that by another name."""
        inner = getattr(self._client, "client", None)
        inner = getattr(inner, "aio", inner)  # google-genai's asynchronous half
        for name, arguments in (("aclose", ()), ("close", ()), ("__aexit__", (None, None, None))):
            close = getattr(inner, name, None)
            if close is not None:
                closing = close(*arguments)
                if isawaitable(closing):
                    await closing
                return

    async def _get_client(self) -> "AnyLLM":
        async with self._creating:
            if self._client is None:
                self._client = await asyncio.to_thread(self._create)
            return self._client

    def _create(self) -> "AnyLLM":
        from any_llm import AnyLLM  # noqa: PLC0415 - see the class

        kind = AnyLLM.get_provider_class(self._provider)
        retries: dict[str, Any] = {} if kind.MAX_RETRIES_SUPPORT == "unsupported" else {"max_retries": 0}  # ours do it
        return AnyLLM.create(
            self._provider,
            api_key=self._credential,
            api_base=self._api_base,
            unified_exceptions=True,
            **retries,
            **self._all_options(),
        )

    def _all_options(self) -> dict[str, Any]:
        """The client's options; those that both an address and trust are told by have both."""
        options = dict(self._options)
        for name, value in trust_options(self._provider, self._trust()).items():
            options[name] = {**options.get(name, {}), **value} if isinstance(value, dict) else value
        return options


async def _chat(client: "AnyLLM", fields: dict[str, Any]) -> Any:
    known = signature(client.acompletion).parameters.keys() - _NO_ANSWERS
    return await client.acompletion(**_only(fields, known))


async def _embed(client: "AnyLLM", fields: dict[str, Any]) -> Any:
    fields = _only(fields, {"model", "input", "dimensions", "encoding_format", "user"})
    return await client.aembedding(inputs=fields.pop("input", ""), **fields)


async def _moderate(client: "AnyLLM", fields: dict[str, Any]) -> Any:
    return await client.amoderation(**_only(fields, {"model", "input"}))


async def _rerank(client: "AnyLLM", fields: dict[str, Any]) -> Any:
    return await client.arerank(**_only(fields, {"model", "query", "documents", "top_n", "max_tokens_per_doc"}))


def _only(fields: dict[str, Any], known: set[str]) -> dict[str, Any]:
    """The fields as arguments; what is none could reach into the provider's client, and is refused."""
    given = {name: value for name, value in fields.items() if value is not None and name not in _NOTES}
    for name in given:
        if name not in known:
            raise FieldRefusedError(name)
    return given
