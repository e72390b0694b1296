"""Trying an upstream the way a call would use it, step by step, so that an administrator sees where it fails."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import Struct

from litemaas.domain.catalog.addresses import normalise_base
from litemaas.providers.addressing import request_path
from litemaas.providers.errors import AnswerBroken, ConnectFailed, UpstreamError
from litemaas.providers.foreign.library import Library
from litemaas.providers.foreign.trust import can_trust_ours
from litemaas.providers.foreign.trying import complaint_of
from litemaas.providers.free_questions import Question, free_question
from litemaas.providers.registry import PROVIDERS
from litemaas.providers.upstream import Response, Upstreams, fetch
from litemaas.providers.upstream.fetching import host_header, split_url
from litemaas.settings import Secret

_SECONDS = 30.0
_QUICK_SECONDS = 10.0
_LIST_PROVIDER = "openai"
_LONGEST_DETAIL = 500
_SUCCESS = range(200, 300)
_REFUSED = (401, 403)
_FAILED = range(500, 600)
_CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "chat": ("/chat/completions", {"messages": [{"role": "user", "content": "Hi"}]}),
    "completion": ("/completions", {"prompt": "Hi"}),
    "embedding": ("/embeddings", {"input": "Hi"}),
}
_CHATS = {"anthropic": "/messages"}
"""Where a chat like that of `_CALLS` is had from a provider with an interface of its own."""
_REACHING = ("dns", "connection", "tls")
_FAILS_AT = {"dns": "dns", "tls": "tls"}


class Trial(NamedTuple):
    """What is tried.

    Attributes:
        api_base: None: where the provider is.
        model: The model's id at the upstream.
        settings: What else was given in `litellm_params`.
        mode: What kind of call to make: `chat`, `completion` or `embedding`; another kind is not called.
    """

    provider: str
    model: str
    mode: str
    api_base: str | None
    credential: Secret | None
    settings: Mapping[str, Any] = MappingProxyType({})


class Step(Struct, frozen=True):
    """One thing that must work, and whether it does."""

    name: str
    verdict: Literal["ok", "failed", "skipped"]
    detail: str


class Verdict(Struct, frozen=True):
    """The outcome of a trial: `ok` if no step failed."""

    ok: bool
    steps: list[Step]


async def probe(upstreams: Upstreams, trial: Trial) -> Verdict:
    """Resolve, connect, authenticate, look for the model in the list, and make one real call of a few tokens."""
    provider = PROVIDERS[trial.provider]
    if not provider.dialects:
        return await _probe_foreign(upstreams, trial)
    base = trial.api_base or provider.api_base or ""
    steps = [Step("address", "ok", base)]
    try:
        listing = await _request(upstreams, trial, "GET", "/models")
    except ConnectFailed as error:
        steps += _unreached(error, secure=base.startswith("https:"))
    except UpstreamError as error:
        steps += _reached(secure=base.startswith("https:"))
        steps.append(Step("listed", "failed", str(error)))
    else:
        steps += _reached(secure=base.startswith("https:"))
        steps += _judge_listing(listing, trial)
        if listing.status not in _REFUSED:
            steps.append(await _call(upstreams, trial))
    return Verdict(all(step.verdict != "failed" for step in steps), steps)


def question_for(trial: Trial) -> Question | None:
    """What `find_fault` can ask the upstream for nothing; None: nothing."""
    try:
        return free_question(trial.provider, trial.api_base, trial.settings)
    except ValueError:
        return None  # a call says what is wrong with the address


async def find_fault(upstreams: Upstreams, trial: Trial, question: Question) -> str | None:
    """Why calls to the upstream would fail, as far as can be told for free: no answer, no entry, its own failure.

    Whether the list names the model is not asked: many servers serve models under names that they do not list.
    """
    headers = question.headers(trial.credential)
    try:
        answer = await fetch(upstreams, "GET", question.url, headers=headers, body=None, timeout=_QUICK_SECONDS)
    except (UpstreamError, ValueError) as error:
        return str(error)
    refused = bool(question.auth_header) and answer.status in _REFUSED
    return _complaint(answer, trial) if refused or answer.status in _FAILED else None


async def list_models(
    upstreams: Upstreams, api_base: str, credential: str | None, *, seconds: float = _SECONDS
) -> tuple[str, list[str]]:
    """The ids of the models that an OpenAI-compatible endpoint serves, and its address as we keep it.

    `seconds` is how long it may take.

    Raises:
        AddressError: `api_base` is no address.
        UpstreamError: There is no answer, or none that lists models.
    """
    base = normalise_base(api_base, _LIST_PROVIDER) or api_base
    key = Secret(credential) if credential else None
    answer = await _request(upstreams, Trial(_LIST_PROVIDER, "", "", base, key), "GET", "/models", seconds=seconds)
    if answer.status in _REFUSED:
        raise AnswerBroken(f"{base} refuses the key (status {answer.status}).")
    models = _ids(answer)
    if models is None:
        raise AnswerBroken(f"{base}/models answers with status {answer.status} and no list of models.")
    return base, models


async def _request(
    upstreams: Upstreams,
    trial: Trial,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    seconds: float = _SECONDS,
) -> Response:
    provider = PROVIDERS[trial.provider]
    headers = dict(line.split(": ", 1) for line in provider.header_lines)
    if body:
        headers["Content-Type"] = "application/json"
    if trial.credential:
        headers[provider.auth_header] = f"{provider.auth_prefix}{trial.credential}"
    return await fetch(
        upstreams,
        method,
        _url(trial, path),
        headers=headers,
        body=msgspec.json.encode(body) if body else None,
        timeout=seconds,
    )


def _url(trial: Trial, path: str) -> str:
    origin, base_path = split_url(trial.api_base or PROVIDERS[trial.provider].api_base or "")
    whole = request_path(trial.provider, base_path.rstrip("/"), path, trial.model, trial.settings)
    return f"{origin.scheme}://{host_header(origin)}{whole}"


async def _probe_foreign(upstreams: Upstreams, trial: Trial) -> Verdict:
    """Make one real call of a few tokens: the provider's own library tells no more of its way."""
    provider = PROVIDERS[trial.provider]
    steps = [Step("address", "ok", trial.api_base or provider.api_base or f"{provider.title}'s own")]
    if not can_trust_ours(provider):
        told = (
            f"The library for {provider.title} cannot be told of LITEMAAS_CA_BUNDLE: it trusts public authorities only."
        )
        steps.append(Step("tls", "skipped", told))
    if trial.mode not in _CALLS:
        return Verdict(True, [*steps, _not_called(trial)])
    path, body = _CALLS[trial.mode]
    bound = {} if trial.mode == "embedding" else {"max_tokens": 16}
    library = Library(provider.library, trial.credential, trial.api_base, trial.settings, lambda: upstreams.tls)
    complaint = await complaint_of(library, path, {"model": trial.model, **body, **bound})
    if complaint is not None and trial.credential:
        complaint = complaint.replace(trial.credential, "…")
    steps.append(Step("call", "ok" if complaint is None else "failed", complaint or ""))
    return Verdict(complaint is None, steps)


def _not_called(trial: Trial) -> Step:
    return Step("call", "skipped", f"Models of the mode {trial.mode!r} are not called to try them.")


def _reached(*, secure: bool) -> list[Step]:
    return [Step(name, "ok" if secure or name != "tls" else "skipped", "") for name in _REACHING]


def _unreached(error: ConnectFailed, *, secure: bool) -> list[Step]:
    failed = _FAILS_AT.get(error.reason, "connection")
    steps: list[Step] = []
    for step in _reached(secure=secure):
        if step.name == failed:
            return [*steps, Step(failed, "failed", str(error))]
        steps.append(step)
    return steps


def _judge_listing(listing: Response, trial: Trial) -> list[Step]:
    if listing.status in _REFUSED:
        return [Step("authorised", "failed", _complaint(listing, trial))]
    authorised = Step("authorised", "ok", "")
    models = _ids(listing)
    if models is None:
        return [authorised, Step("listed", "skipped", f"The endpoint lists no models (status {listing.status}).")]
    if trial.model in models:
        return [authorised, Step("listed", "ok", "")]
    return [
        authorised,
        Step("listed", "failed", f"{trial.model!r} is not among: {', '.join(models)[:_LONGEST_DETAIL]}"),
    ]


async def _call(upstreams: Upstreams, trial: Trial) -> Step:
    if trial.mode not in _CALLS:
        return _not_called(trial)
    path, body = _CALLS[trial.mode]
    if trial.mode == "chat":
        path = _CHATS.get(trial.provider, path)
    bounds = [{}] if trial.mode == "embedding" else [{"max_tokens": 1}, {"max_completion_tokens": 16}]
    for bound in bounds:
        try:
            answer = await _request(upstreams, trial, "POST", path, {"model": trial.model, **body, **bound})
        except UpstreamError as error:
            return Step("call", "failed", str(error))
        if b"max_completion_tokens" not in answer.body:  # else OpenAI's newer models ask for the other bound
            break
    if answer.status in _SUCCESS:
        return Step("call", "ok", "")
    return Step("call", "failed", _complaint(answer, trial))


def _ids(answer: Response) -> list[str] | None:
    try:
        listed = msgspec.json.decode(answer.body)
        return [str(model["id"]) for model in listed["data"]] if answer.status in _SUCCESS else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError):
        return None


def _complaint(answer: Response, trial: Trial) -> str:
    """The upstream's own sentence, without our credential, should it repeat it."""
    try:
        told = msgspec.json.decode(answer.body)
        message = str(told["error"]["message"])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError):
        message = "no explanation"
    if trial.credential:
        message = message.replace(trial.credential, "…")
    return f"Status {answer.status}: {message}"[:_LONGEST_DETAIL]
