"""What LiteLLM's keys, users and teams may have that protects somebody, and that we do not have: one table."""

from collections.abc import Mapping
from typing import Any

from litemaas.domain.moving.entities import Protection, Row
from litemaas.domain.moving.litellm.findings import Findings

_NOTHING: tuple[Any, ...] = (None, "", [], {}, False, "null")

_EVERYWHERE: Mapping[str, tuple[Protection, str]] = {
    "budget_limits": (Protection.LIMITS, "Only one budget window is kept."),
    "enforced_params": (Protection.RESTRICTIONS, "What a call must contain would not be checked."),
    "guardrails": (Protection.GUARDRAILS, "What is sent to models would not be checked."),
    "mcp_rpm_limit": (Protection.LIMITS, "This limit would not hold."),
    "object_permission_id": (Protection.RESTRICTIONS, "Permissions on other objects than models are left out."),
    "organization_id": (Protection.LIMITS, "Models and budget of its organization would not bound it."),
    "policies": (Protection.GUARDRAILS, "Its policies would not hold."),
    "project_id": (Protection.LIMITS, "Models and budget of its project would not bound it."),
    "tag_rpm_limit": (Protection.LIMITS, "This limit would not hold."),
    "tpd_limit": (Protection.LIMITS, "Its limit per day would not hold."),
}
_OF_HOLDERS: Mapping[str, tuple[Protection, str]] = dict.fromkeys(
    ("model_max_budget", "model_rpm_limit", "model_tpm_limit"),
    (Protection.LIMITS, "Limits for single models belong to keys here."),
)
_OF_MEMBERS: Mapping[str, tuple[Protection, str]] = dict.fromkeys(
    ("team_member_budget", "team_member_budget_id", "team_member_rpm_limit", "team_member_tpm_limit"),
    (Protection.LIMITS, "Limits for single members would not hold."),
)

KEY: Mapping[str, tuple[Protection, str]] = {
    **_EVERYWHERE,
    "auto_rotate": (Protection.RESTRICTIONS, "It would not be rotated by itself any more."),
}
USER: Mapping[str, tuple[Protection, str]] = {**_EVERYWHERE, **_OF_HOLDERS}
TEAM: Mapping[str, tuple[Protection, str]] = {
    **_EVERYWHERE,
    **_OF_HOLDERS,
    **_OF_MEMBERS,
    "default_team_member_models": (Protection.RESTRICTIONS, "Members would not be bound to these models."),
}
BUDGET: Mapping[str, tuple[Protection, str]] = {**_EVERYWHERE, **_OF_HOLDERS}
MEMBERSHIP: Mapping[str, tuple[Protection, str]] = {
    "budget_id": (Protection.LIMITS, "Budgets of single members would not hold."),
}

_PARALLEL = "max_parallel_requests"
_NO_CALL = {"key": "it may make no call, as in LiteLLM."}
_NO_CALL_HERE = "whom it binds may make no call here; LiteLLM holds nobody but keys to it."
"""As LiteLLM's own limiter has it (`parallel_request_limiter_v3`): a key with 0 is refused, others are not asked."""

_IGNORED = ("permissions", "config", "router_settings")
_KEPT_OUT = ("logging", "model_rpm_limit", "model_tpm_limit", "callback_settings")


def tell_losses(
    findings: Findings, kind: str, name: str, row: Row, table: Mapping[str, tuple[Protection, str]]
) -> None:
    """Tell which protections of `row`, in columns or in its metadata, would be lost, and which hold here only."""
    told = {**(row.get("metadata") or {}), **{key: value for key, value in row.items() if value not in _NOTHING}}
    for column, (protection, reason) in table.items():
        if told.get(column) not in _NOTHING:
            findings.lost(protection, kind, name, f"{column}: {reason}")
    if row.get(_PARALLEL) == 0:
        findings.noted(kind, name, f"{_PARALLEL} is 0: {_NO_CALL.get(kind, _NO_CALL_HERE)}")
    for column in _IGNORED:
        if row.get(column) not in _NOTHING:
            findings.ignored(kind, name, f"{column} is left out.")


def metadata_of(row: Row) -> Row:
    """The metadata without what has columns here, or may hold credentials of others."""
    return {name: value for name, value in (row.get("metadata") or {}).items() if name not in _KEPT_OUT}
