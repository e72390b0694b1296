"""Fields of LiteLLM that promise a protection we do not have: one table.

A request that sets one of them is refused, because a limit that is not enforced is worse than none: somebody relies on
it. Fields that promise nothing are ignored.
"""

from collections.abc import Mapping
from typing import Any

from litemaas.domain.errors import InvalidInputError

_EMPTY: tuple[Any, ...] = (None, "", [], {}, False)

_LIMITS = "LiteMaaS has no such limit yet; use max_budget, rpm_limit, tpm_limit or max_parallel_requests."
_CONTENT = "LiteMaaS does not inspect what is sent to models."
_SCOPE = "LiteMaaS knows users and teams; put the key into a team of its own."
_ROTATION = "Rotate the key with /key/regenerate."
_BY_MODEL = "Limits for single models belong to keys."
MEMBERS = "LiteMaaS has no limits for single members of a team; give the member's keys limits."

_ALWAYS: Mapping[str, str] = {
    "access_group_ids": "Write the names of access groups into models.",
    "agent_id": _SCOPE,
    "allowed_cache_controls": "Set uses_cache instead: a key does without the response cache, or does not.",
    "auto_rotate": _ROTATION,
    "budget_fallbacks": "A call over its budget is refused; it does not go to another model.",
    "budget_limits": "A key has one budget window; use max_budget and budget_duration.",
    "end_user_budget_id": "LiteMaaS has no budgets for end users.",
    "enforced_params": _CONTENT,
    "guardrails": _CONTENT,
    "mcp_rpm_limit": _LIMITS,
    "object_permission": "LiteMaaS serves models only; there are no such objects to permit.",
    "organization_id": _SCOPE,
    "organizations": _SCOPE,
    "policies": _CONTENT,
    "project_id": _SCOPE,
    "rotation_interval": _ROTATION,
    "tag_rpm_limit": _LIMITS,
    "temp_budget_expiry": "Raise max_budget, and lower it again when the time comes.",
    "temp_budget_increase": "Raise max_budget, and lower it again when the time comes.",
    "throttle_on_budget_exceeded": "A call over its budget is refused.",
    "tpd_limit": _LIMITS,
}

_OF_HOLDERS: Mapping[str, str] = {
    "model_max_budget": _BY_MODEL,
    "model_rpm_limit": _BY_MODEL,
    "model_tpm_limit": _BY_MODEL,
}

KEY = _ALWAYS
USER: Mapping[str, str] = {
    **_ALWAYS,
    **_OF_HOLDERS,
    "password": "People log in through the portal's identity provider.",
}
TEAM: Mapping[str, str] = {
    **_ALWAYS,
    **_OF_HOLDERS,
    "allowed_models": MEMBERS,
    "default_team_member_models": MEMBERS,
    "max_budget_in_team": MEMBERS,
    "team_member_budget": MEMBERS,
    "team_member_budget_duration": MEMBERS,
    "team_member_key_duration": MEMBERS,
    "team_member_rpm_limit": MEMBERS,
    "team_member_tpm_limit": MEMBERS,
}
BUDGET: Mapping[str, str] = {
    "model_max_budget": _BY_MODEL,
    "tpd_limit": _LIMITS,
    "budget_limits": _ALWAYS["budget_limits"],
}

_ONLY_VALUES: Mapping[str, tuple[Any, ...]] = {
    "rpm_limit_type": ("best_effort_throughput",),
    "tpm_limit_type": ("best_effort_throughput",),
    "key_type": ("default", "llm_api"),
}
"""Fields that may have these values, which say what happens anyway."""


def refuse_unsupported(body: Any, table: Mapping[str, str]) -> None:
    """Refuse a request body that relies on what we do not have.

    Raises:
        InvalidInputError: It sets a field of `table`, or one that may have certain values only.
    """
    if not isinstance(body, dict):
        return
    for name, value in body.items():
        if name in table and value not in _EMPTY:
            raise InvalidInputError(f"{name} is not supported. {table[name]}", param=name)
        allowed = _ONLY_VALUES.get(name)
        if allowed and value not in _EMPTY and value not in allowed:
            raise InvalidInputError(f"{name} must be {' or '.join(map(repr, allowed))} here.", param=name)
