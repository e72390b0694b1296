"""The one table of scopes: what a management key needs for each route of the management API.

A route that is not in it needs `*`: nothing opens because somebody forgot a line. A test finds such a line missing.
"""

from collections.abc import Mapping

from litemaas.domain.management_keys.entities import MEANINGS, Scope

_BY_SCOPE: Mapping[Scope, tuple[str, ...]] = {
    Scope.ALL: (
        "/management_key/issue",
        "/management_key/list",
        "/management_key/revoke",
    ),
    Scope.KEYS_READ: ("/key/info", "/v2/key/info", "/key/list", "/key/aliases"),
    Scope.KEYS_WRITE: (
        "/key/generate",
        "/key/service-account/generate",
        "/key/update",
        "/key/delete",
        "/key/block",
        "/key/unblock",
        "/key/regenerate",
        "/key/{key}/regenerate",
        "/key/{key}/reset_spend",
    ),
    Scope.MODELS_READ: ("/model/info", "/v1/model/info", "/v2/model/info", "/model_group/info", "/model/prices/coming"),
    Scope.MODELS_WRITE: (
        "/model/new",
        "/model/update",
        "/model/{model_id}/update",
        "/model/delete",
        "/model/test",
        "/model/discover",
        "/model/discover/openshift_ai",
        "/model/prices",
        "/model/prices/cancel",
    ),
    Scope.USERS_READ: ("/user/info", "/v2/user/info", "/user/list"),
    Scope.USERS_WRITE: ("/user/new", "/user/update", "/user/link_login", "/user/delete"),
    Scope.TEAMS_READ: ("/team/info", "/team/list", "/v2/team/list"),
    Scope.TEAMS_WRITE: (
        "/team/new",
        "/team/update",
        "/team/{team_id}",
        "/team/delete",
        "/team/block",
        "/team/unblock",
        "/team/member_add",
        "/team/member_update",
        "/team/member_delete",
    ),
    Scope.BUDGETS_READ: ("/budget/info", "/budget/list", "/budget/settings"),
    Scope.BUDGETS_WRITE: ("/budget/new", "/budget/update", "/budget/delete"),
    Scope.SPEND_READ: (
        "/spend/logs",
        "/spend/logs/v2",
        "/user/daily/activity",
        "/team/daily/activity",
        "/label/daily/activity",
        "/label/list",
        "/global/spend/report",
        "/global/spend",
        "/ledger/status",
        "/ledger/export",
    ),
    Scope.LEDGER_WRITE: ("/ledger/rebuild",),
    Scope.NOTICES_READ: ("/notice/list", "/notice_channel/list"),
    Scope.NOTICES_WRITE: ("/notice_channel/new", "/notice_channel/test", "/notice_channel/delete"),
    Scope.GUARDRAILS_READ: ("/guardrail/list", "/guardrail/test"),
    Scope.GUARDRAILS_WRITE: (
        "/guardrail/new",
        "/guardrail/update",
        "/guardrail/bind",
        "/guardrail/unbind",
        "/guardrail/delete",
    ),
    Scope.REQUESTS_READ: ("/access_request/list",),
    Scope.REQUESTS_DECIDE: ("/access_request/decide",),
    Scope.BANNERS_READ: ("/banner/list",),
    Scope.BANNERS_WRITE: ("/banner/new", "/banner/update", "/banner/delete"),
    Scope.SETTINGS_READ: ("/settings/info",),
    Scope.SETTINGS_WRITE: ("/settings/update", "/settings/image/put", "/settings/image/delete"),
    Scope.AUDIT_READ: ("/audit",),
    Scope.HEALTH_READ: ("/health", "/health/latest"),
}

SCOPES: Mapping[str, Scope] = {path: scope for scope, paths in _BY_SCOPE.items() for path in paths}
"""What each route needs, by its path as OpenAPI writes it; all methods of a path need the same."""


def scope_of(path: str) -> Scope:
    """The scope that a management key needs for the route at `path`, as OpenAPI writes it."""
    return SCOPES.get(path, Scope.ALL)


def scopes_page(note: str) -> str:
    """The reference page, as Markdown; `note` says where it comes from."""
    lines = [
        note,
        "# Scopes of management keys",
        "",
        "A management key (`sk-mgmt-…`) may call the routes of the management API whose scope it was given; each scope",
        "is given by name, to write does not include to read. The guide is [Management keys](../MANAGEMENT_KEYS.md).",
        "",
        "| scope | lets one | routes |",
        "|---|---|---|",
    ]
    for scope, meaning in MEANINGS.items():
        routes = ", ".join(f"`{path}`" for path in _BY_SCOPE.get(scope, ()))
        lines.append(f"| `{scope}` | {meaning} | {routes} |")
    return "\n".join(lines) + "\n"
