"""LiteLLM's settings: what they mean for models and money here, what is ignored, and what they protect.

The same sections are in `config.yaml` and, changed in its UI, in the table `LiteLLM_Config`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from litemaas.domain.budgets.entities import GLOBAL_ACCOUNT
from litemaas.domain.budgets.periods import parse_duration
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.moving.entities import Protection, Row
from litemaas.domain.moving.litellm.findings import Findings
from litemaas.domain.moving.litellm.holdings import Holdings

_SECTIONS = ("general_settings", "litellm_settings", "router_settings")
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
_FALLBACKS = ("fallbacks", "context_window_fallbacks")
_USED = {"max_budget", "budget_duration", "callbacks", "routing_strategy", "default_fallbacks", *_ROUTING, *_FALLBACKS}


def read_settings(holdings: Holdings, findings: Findings, configuration: Mapping[str, Any]) -> None:
    """Read all sections; the models must have been read.

    Args:
        configuration: As `config.yaml` has it at the top.
    """
    sections = {name: configuration.get(name) or {} for name in _SECTIONS}
    flat = {name: value for name, value in configuration.items() if name not in (*_SECTIONS, *_READ_ELSEWHERE)}
    for section, values in sections.items():
        flat |= {f"{section}.{name}": value for name, value in values.items()}
    for name, value in flat.items():
        if value in _NOTHING:
            continue
        if protection := _PROTECTIONS.get(name):
            findings.lost(protection, _KIND, name, "We do not have this.")
        elif not ("." in name and name.rpartition(".")[2] in _USED):
            findings.ignored(_KIND, name)
    _tell_callbacks(findings, sections["litellm_settings"])
    _read_global_budget(holdings, findings, sections["litellm_settings"])
    router = {**sections["litellm_settings"], **sections["router_settings"]}
    _read_routing(holdings.rows["model_groups"], findings, router)


def _tell_callbacks(findings: Findings, settings: Row) -> None:
    given = settings.get("callbacks") or []
    for callback in [given] if isinstance(given, str) else given:
        # A module of somebody's own may do anything, so it may also refuse calls.
        if callback in _GUARDING_CALLBACKS or "." in str(callback):
            findings.lost(Protection.GUARDRAILS, _KIND, f"callbacks: {callback}", "We do not run it.")
        else:
            findings.ignored(_KIND, f"callbacks: {callback}", "We do not run it.")


def _read_global_budget(holdings: Holdings, findings: Findings, settings: Row) -> None:
    if settings.get("max_budget") in (None, 0):
        return
    duration = settings.get("budget_duration") or None
    try:
        if duration:
            parse_duration(duration)
    except InvalidInputError as error:
        findings.lost(Protection.LIMITS, _KIND, "litellm_settings.max_budget", error.message)
        return
    limit = {"id": GLOBAL_ACCOUNT, "max_budget": settings["max_budget"], "budget_duration": duration}
    holdings.add("accounts", limit)
    holdings.add("balances", {"account_id": GLOBAL_ACCOUNT})


def _read_routing(groups: Iterable[Row], findings: Findings, settings: Row) -> None:
    """Give every group the routing of all; LiteLLM has one for all its models."""
    routing = {ours: settings[theirs] for theirs, ours in _ROUTING.items() if settings.get(theirs) is not None}
    if strategy := settings.get("routing_strategy"):
        routing["strategy"] = _STRATEGIES.get(strategy, "simple-shuffle")
        if strategy not in _STRATEGIES:
            findings.noted(_KIND, "router_settings.routing_strategy", f"{strategy} becomes simple-shuffle.")
    by_group = {name: _by_group(settings.get(name)) for name in _FALLBACKS}
    default = settings.get("default_fallbacks") or []
    for group in groups:
        own = {name: table[group["name"]] for name, table in by_group.items() if group["name"] in table}
        if default and "fallbacks" not in own:
            own["fallbacks"] = [name for name in default if name != group["name"]]
        if routing or own:
            group["routing"] = {**routing, **own}


def _by_group(fallbacks: Any) -> dict[str, list[str]]:
    """`[{a: [b, c]}, …]` as one table."""
    return {name: list(others) for entry in fallbacks or () for name, others in entry.items()}
