"""LiteLLM's models: an entry of `model_list`, or a row of its table, as a group, a deployment and a price of ours."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from litemaas.domain.budgets.entities import LIFETIME
from litemaas.domain.catalog.addresses import normalise_base, split_model
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.moving.entities import Protection, Row
from litemaas.domain.moving.litellm.findings import Findings
from litemaas.domain.moving.litellm.holdings import Holdings, stable_id
from litemaas.domain.pricing.names import LITELLM_NAMES

_PARALLEL = "max_parallel_requests"
_RATES = {"rpm": "rpm_limit", "tpm": "tpm_limit", _PARALLEL: _PARALLEL}
_TIMEOUTS = {"timeout": "total", "stream_timeout": "first_byte"}
_GROUP = ("mode", "description", "max_input_tokens", "max_output_tokens")
_OWN = {
    "model",
    "custom_llm_provider",
    "api_base",
    "base_url",
    "api_key",
    "weight",
    *LITELLM_NAMES,
    *_RATES,
    *_TIMEOUTS,
}
_NOT_OURS = ("use_in_pass_through", "use_litellm_proxy", "merge_reasoning_content_in_choices", "use_xai_oauth")
_GUARDED = {
    "guardrails": Protection.GUARDRAILS,
    "max_budget": Protection.LIMITS,
    "budget_duration": Protection.LIMITS,
    "tags": Protection.RESTRICTIONS,
}
_SECRET = re.compile(
    r"secret|password|passwd|credential|private|headers|token(?!s|_cost)|(^|_)keys?(_|$)", re.IGNORECASE
)
_PER_UNIT = re.compile(r"cost_per|_cost$")
_CREDENTIAL_NAME = "litellm_credential_name"
_NOTHING: tuple[Any, ...] = (None, "", [], {}, False)


def read_model(
    holdings: Holdings, findings: Findings, *, name: str, params: Row, info: Row, deployment_id: str | None = None
) -> None:
    """Read one deployment of LiteLLM's; one that cannot be ours is refused with its reason.

    Args:
        name: The public name.
        params: `litellm_params`, in the open.
        info: `model_info`.
        deployment_id: Its id; None: what `model_info` says, or one made of its name, upstream and address.
    """
    try:
        deployment = _deployment(params)
        if "*" in name:
            raise InvalidInputError("A public name with * stands for many models: add each of them by its name.")
        if info.get("team_id"):
            raise InvalidInputError("It belongs to one team only, which we cannot say of a model: grant it by name.")
        if secret := next((key for key in _rest(params) if _SECRET.search(key)), None):
            raise InvalidInputError(f"{secret} is a credential, and only api_key is kept encrypted here.")
    except InvalidInputError as error:
        findings.refused("model", name, error.message)
        return
    except (AttributeError, TypeError, ValueError):
        findings.refused("model", name, "One of its parameters is of another kind than it must be.")
        return
    _tell_losses(findings, name, params)
    if deployment.get(_PARALLEL) == 0:
        del deployment[_PARALLEL]
        findings.noted("model", name, f"{_PARALLEL}: 0 bounds nothing at a model of LiteLLM's; it gets no bound.")
    group_id = stable_id("model", name)
    address = (name, deployment["provider"], deployment["upstream_model"], deployment["api_base"])
    row_id = str(deployment_id or info.get("id") or _free_id(holdings.rows["deployments"], address))
    if name not in {group["name"] for group in holdings.rows["model_groups"]}:
        holdings.add("model_groups", {"id": group_id, "name": name, **_group(info)})
    metadata = {key: value for key, value in info.items() if key not in LITELLM_NAMES and value is not None}
    holdings.add("deployments", {"id": row_id, "group_id": group_id, **deployment, "metadata": metadata})
    if price := _price(params, info):
        holdings.add("prices", {"deployment_id": row_id, "effective_from": LIFETIME, **price, "source": "given"})


def with_credential(params: Row, credentials: Mapping[str, Row]) -> Row:
    """The parameters together with those of the stored credential that they name.

    Raises:
        InvalidInputError: There is no such credential; without it calls would go out without one.
    """
    name = params.get(_CREDENTIAL_NAME)
    if name in _NOTHING:
        return params
    if str(name) not in credentials:
        raise InvalidInputError(f"It names a credential {name!r} that is not there.")
    return {**{key: value for key, value in params.items() if key != _CREDENTIAL_NAME}, **credentials[str(name)]}


def _deployment(params: Row) -> Row:
    model = params.get("model")
    if not isinstance(model, str):
        raise InvalidInputError("litellm_params.model is missing.")
    upstream = split_model(model, params.get("custom_llm_provider") or None)
    row: Row = {
        "provider": upstream.provider,
        "upstream_model": upstream.model,
        "api_base": normalise_base(params.get("api_base") or params.get("base_url"), upstream.provider),
        "timeouts": {ours: float(params[key]) for key, ours in _TIMEOUTS.items() if params.get(key)},
        "settings": {key: value for key, value in _rest(params).items() if not _PER_UNIT.search(key)},
    }
    if params.get("api_key"):
        row["credential"] = str(params["api_key"])
    row |= {ours: int(params[key]) for key, ours in _RATES.items() if params.get(key) is not None}
    if params.get("weight") is not None:
        row["weight"] = float(params["weight"])
    return row


def _rest(params: Row) -> Row:
    return {
        key: value
        for key, value in params.items()
        if key not in _OWN and key not in _NOT_OURS and value not in _NOTHING
    }


def _tell_losses(findings: Findings, name: str, params: Row) -> None:
    for key, protection in _GUARDED.items():
        if params.get(key):
            findings.lost(protection, "model", name, f"{key} of this model would not be enforced.")
    unpriced = [key for key in _rest(params) if _PER_UNIT.search(key) and key not in LITELLM_NAMES]
    if unpriced:
        findings.lost(Protection.LIMITS, "model", name, f"Not charged here: {', '.join(sorted(unpriced))}.")


def _group(info: Row) -> Row:
    row = {key: info[key] for key in _GROUP if info.get(key) is not None}
    if info.get("max_tokens") and "max_output_tokens" not in row:
        row["max_output_tokens"] = info["max_tokens"]
    if isinstance(info.get("access_groups"), list):
        row["access_groups"] = info["access_groups"]
    return row


def _price(params: Row, info: Row) -> Row:
    """The price that was given; parameters stand above `model_info`."""
    given = {ours: params.get(key, info.get(key)) for key, ours in LITELLM_NAMES.items()}
    return {ours: amount for ours, amount in given.items() if amount is not None}


def _free_id(rows: Iterable[Row], address: tuple[Any, ...]) -> str:
    """Several deployments may have the same name and address; they differ by their place."""
    taken = {row["id"] for row in rows}
    place = 0
    while (made := stable_id("deployment", *address, place)) in taken:
        place += 1
    return made
