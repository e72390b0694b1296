"""Models as the model routes show them. Credentials are never shown, not even that there is one of a certain kind."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any

from litemaas.domain.administration.model_orders import ModelDetail
from litemaas.domain.catalog.entities import ModelGroup
from litemaas.domain.pricing.names import LITELLM_NAMES

_SUPPORTS = "supports_"


def model_row(detail: ModelDetail) -> dict[str, Any]:
    """A deployment in the shape of `/model/info`."""
    group, deployment = detail.group, detail.deployment
    prices = _prices(detail)
    parameters = {
        **deployment.settings,
        **prices,
        "model": f"{deployment.provider}/{deployment.upstream_model}",
        "custom_llm_provider": deployment.provider,
        "api_base": deployment.api_base,
        "weight": deployment.weight,
        "rpm": deployment.rpm_limit,
        "tpm": deployment.tpm_limit,
        "max_parallel_requests": deployment.max_parallel_requests,
        "timeout": deployment.timeouts.total,
        "stream_timeout": deployment.timeouts.first_byte,
    }
    about = {
        **deployment.metadata,
        **prices,
        "id": deployment.id,
        "db_model": True,
        "mode": group.mode,
        "key": f"{deployment.provider}/{deployment.upstream_model}",
        "litellm_provider": deployment.provider,
        "description": group.description,
        "access_groups": group.access_groups,
        "restricted": group.restricted,
        "max_tokens": group.max_output_tokens or group.max_input_tokens,
        "max_input_tokens": group.max_input_tokens,
        "max_output_tokens": group.max_output_tokens,
        **_retirement(group),
        "cache_ttl": group.cache_ttl,
        "cache_shared": group.cache_shared,
        "routing": group.routing,
        "price_source": detail.price.source if detail.price else None,
        "price_effective_from": detail.price.effective_from if detail.price else None,
        "has_credential": deployment.credential is not None,
        "direct_access": True,
        "access_via_team_ids": [],
        "created_at": deployment.created_at,
        "created_by": deployment.created_by,
        "updated_at": deployment.updated_at,
        "updated_by": deployment.updated_by,
    }
    return {"model_name": group.name, "litellm_params": parameters, "model_info": about}


def stored_row(detail: ModelDetail) -> dict[str, Any]:
    """A deployment as the routes that change it answer."""
    deployment = detail.deployment
    return {
        "model_id": deployment.id,
        **model_row(detail),
        "created_at": deployment.created_at,
        "created_by": deployment.created_by,
        "updated_at": deployment.updated_at,
        "updated_by": deployment.updated_by,
    }


def group_rows(details: Iterable[ModelDetail]) -> list[dict[str, Any]]:
    """One row for each public name, in the shape of `/model_group/info`; `details` are sorted by it."""
    return [_group_row(name, list(found)) for name, found in groupby(details, key=lambda detail: detail.group.name)]


def _group_row(name: str, details: list[ModelDetail]) -> dict[str, Any]:
    group = details[0].group
    prices = [_prices(detail) for detail in details]
    metadata = [detail.deployment.metadata for detail in details]
    flags = sorted({field for one in metadata for field in one if field.startswith(_SUPPORTS)})
    return {
        "model_group": name,
        "providers": sorted({detail.deployment.provider for detail in details}),
        "mode": group.mode,
        "max_input_tokens": group.max_input_tokens,
        "max_output_tokens": group.max_output_tokens,
        **_retirement(group),
        "access_groups": group.access_groups,
        "input_cost_per_token": max(one["input_cost_per_token"] for one in prices),
        "output_cost_per_token": max(one["output_cost_per_token"] for one in prices),
        "rpm": _sum(detail.deployment.rpm_limit for detail in details),
        "tpm": _sum(detail.deployment.tpm_limit for detail in details),
        "deployments": len(details),
        **{flag: all(bool(one.get(flag)) for one in metadata) for flag in flags},
    }


def _retirement(group: ModelGroup) -> dict[str, Any]:
    return {"deprecated_on": group.deprecated_on, "sunset_on": group.sunset_on, "successor": group.successor}


def _prices(detail: ModelDetail) -> dict[str, Decimal]:
    """All prices that are set; those per token always, as clients read them without looking."""
    zero = Decimal(0)
    prices = {wire: getattr(detail.price, name) for wire, name in LITELLM_NAMES.items()} if detail.price else {}
    shown = {"input_cost_per_token": zero, "output_cost_per_token": zero}
    return shown | {wire: amount for wire, amount in prices.items() if amount}


def _sum(limits: Iterable[int | None]) -> int | None:
    """The sum, if every deployment has a limit: without one there is none for the group."""
    found = list(limits)
    return None if None in found else sum(limit for limit in found if limit is not None)
