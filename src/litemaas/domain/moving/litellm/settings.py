"""LiteLLM's settings: what they mean for models and money here, what is ignored, and what they protect.

The same sections are in `config.yaml` and, changed in its UI, in the table `LiteLLM_Config`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from litemaas.domain.budgets.entities import GLOBAL_ACCOUNT
from litemaas.domain.budgets.periods import parse_duration
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.moving.entities import Protection, Row
from litemaas.domain.moving.errors import UnreadableSourceError
from litemaas.domain.moving.litellm.findings import Findings
from litemaas.domain.moving.litellm.holdings import Holdings

SECTIONS = ("general_settings", "litellm_settings", "router_settings")
_READ_ELSEWHERE = ("model_list", "environment_variables", "credential_list", "include")
_KIND = "setting"
_NOTHING: tuple[Any, ...] = (None, "", [], {}, False)

_PROTECTIONS: Mapping[str, Protection] = {
    "guardrails": Protection.GUARDRAILS,
    "policies": Protection.GUARDRAILS,
    "policy_attachments": Protection.GUARDRAILS,
    "general_settings.custom_auth": Protection.AUTHENTICATION,
    "general_settings.enable_jwt_auth": Protection.AUTHENTICATION,
    "general_settings.enable_oauth2_auth": Protection.AUTHENTICATION,
    "general_settings.enable_oauth2_proxy_auth": Protection.AUTHENTICATION,
    "general_settings.custom_key_generate": Protection.RESTRICTIONS,
    "general_settings.allowed_ips": Protection.RESTRICTIONS,
    "general_settings.allowed_routes": Protection.RESTRICTIONS,
    "general_settings.admin_only_routes": Protection.RESTRICTIONS,
    "general_settings.max_parallel_requests": Protection.LIMITS,
    "general_settings.global_max_parallel_requests": Protection.LIMITS,
    "general_settings.enforce_user_param": Protection.RESTRICTIONS,
    "general_settings.enforced_params": Protection.RESTRICTIONS,
    "litellm_settings.guardrails": Protection.GUARDRAILS,
    "litellm_settings.upperbound_key_generate_params": Protection.LIMITS,
    "litellm_settings.default_internal_user_params": Protection.LIMITS,
    "litellm_settings.default_team_settings": Protection.LIMITS,
    "litellm_settings.max_internal_user_budget": Protection.LIMITS,
    "litellm_settings.max_end_user_budget": Protection.LIMITS,
    "litellm_settings.key_generation_settings": Protection.RESTRICTIONS,
    "router_settings.provider_budget_config": Protection.LIMITS,
}
# Callbacks that look at content and may refuse a call, rather than write about it.
_GUARDING_CALLBACKS = frozenset(
    {"aporia_prompt_injection", "azure_content_safety", "banned_keywords", "blocked_user_check", "custom_guardrail"}
    | {"detect_prompt_injection", "google_text_moderation", "hide_secrets", "lakera_prompt_injection"}
    | {"llamaguard_moderations", "llmguard_moderations", "openai_moderations", "presidio", "prompt_injection"}
)
_STRATEGIES = {
    "simple-shuffle": "simple-shuffle",
    "least-busy": "least-busy",
    "latency-based-routing": "latency-based-routing",
    "cost-based-routing": "lowest-cost",
}
_ROUTING = {"num_retries": "retries", "allowed_fails": "allowed_fails", "cooldown_time": "cooldown_seconds"}


class _Used(Struct, frozen=True, kw_only=True):
    """The settings that mean something here, wherever they stand."""

    callbacks: list[str] | str | None = None
    max_budget: float | None = None
    budget_duration: str | None = None
    routing_strategy: str | None = None
    num_retries: int | None = None
    allowed_fails: int | None = None
    cooldown_time: float | None = None
    fallbacks: list[dict[str, list[str]]] | None = None
    context_window_fallbacks: list[dict[str, list[str]]] | None = None
    default_fallbacks: list[str] | None = None


def read_settings(holdings: Holdings, findings: Findings, configuration: Mapping[str, Any]) -> None:
    """Read all sections; the models must have been read.

    Args:
        configuration: As `config.yaml` has it at the top.

    Raises:
        UnreadableSourceError: A setting is of another kind than LiteLLM's.
    """
    sections = {name: configuration.get(name) or {} for name in SECTIONS}
    flat = {name: value for name, value in configuration.items() if name not in (*SECTIONS, *_READ_ELSEWHERE)}
    for section, values in sections.items():
        flat |= {f"{section}.{name}": value for name, value in values.items()}
    for name, value in flat.items():
        if value in _NOTHING:
            continue
        if protection := _PROTECTIONS.get(name):
            findings.lost(protection, _KIND, name, "We do not have this.")
        elif not ("." in name and name.rpartition(".")[2] in _Used.__struct_fields__):
            findings.ignored(_KIND, name)
    together = {**sections["litellm_settings"], **sections["router_settings"]}
    try:
        known = {name: together[name] for name in _Used.__struct_fields__ if name in together}
        used = msgspec.convert(known, _Used, strict=False)
    except msgspec.ValidationError as error:
        raise UnreadableSourceError(f"A setting of LiteLLM is not as it must be: {error}.") from error
    _tell_callbacks(findings, used)
    _read_global_budget(holdings, findings, used)
    _read_routing(holdings.rows["model_groups"], findings, used)


def _tell_callbacks(findings: Findings, used: _Used) -> None:
    given = used.callbacks or []
    for callback in [given] if isinstance(given, str) else given:
        # A module of somebody's own may do anything, so it may also refuse calls.
        if callback in _GUARDING_CALLBACKS or "." in callback:
            findings.lost(Protection.GUARDRAILS, _KIND, f"callbacks: {callback}", "We do not run it.")
        else:
            findings.ignored(_KIND, f"callbacks: {callback}", "We do not run it.")


def _read_global_budget(holdings: Holdings, findings: Findings, used: _Used) -> None:
    if not used.max_budget:
        return
    try:
        if used.budget_duration:
            parse_duration(used.budget_duration)
    except InvalidInputError as error:
        findings.lost(Protection.LIMITS, _KIND, "litellm_settings.max_budget", error.message)
        return
    limit = {"id": GLOBAL_ACCOUNT, "max_budget": used.max_budget, "budget_duration": used.budget_duration or None}
    holdings.add("accounts", limit)
    holdings.add("balances", {"account_id": GLOBAL_ACCOUNT})


def _read_routing(groups: Iterable[Row], findings: Findings, used: _Used) -> None:
    """Give every group the routing of all; LiteLLM has one for all its models."""
    given = {ours: getattr(used, theirs) for theirs, ours in _ROUTING.items()}
    routing = {name: value for name, value in given.items() if value is not None}
    if used.routing_strategy:
        routing["strategy"] = _STRATEGIES.get(used.routing_strategy, "simple-shuffle")
        if used.routing_strategy not in _STRATEGIES:
            findings.noted(
                _KIND, "router_settings.routing_strategy", f"{used.routing_strategy} becomes simple-shuffle."
            )
    by_group = {
        "fallbacks": _together(used.fallbacks),
        "context_window_fallbacks": _together(used.context_window_fallbacks),
    }
    for group in groups:
        own = {name: table[group["name"]] for name, table in by_group.items() if group["name"] in table}
        if used.default_fallbacks and "fallbacks" not in own:
            own["fallbacks"] = [name for name in used.default_fallbacks if name != group["name"]]
        if routing or own:
            group["routing"] = {**routing, **own}


def _together(fallbacks: list[dict[str, list[str]]] | None) -> dict[str, list[str]]:
    """`[{a: [b, c]}, …]` as one table."""
    return {name: others for entry in fallbacks or () for name, others in entry.items()}
