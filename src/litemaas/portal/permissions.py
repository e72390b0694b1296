"""The one table of permissions: which roles may do what.

Each route of the portal declares one permission; one that declares none cannot be created. The server decides by this
table alone, the reference page is written from it, and a test walks every route with every role.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from litemaas.domain.users.entities import Role

ANYBODY = None
"""Somebody who is not logged in."""


class Permission(StrEnum):
    """What a route lets its caller do."""

    ENTER = "enter"
    OWN_READ = "own:read"
    OWN_WRITE = "own:write"
    CATALOGUE_READ = "catalogue:read"
    ACCESS_ASK = "access:ask"
    PLAYGROUND_USE = "playground:use"
    OVERVIEW_READ = "overview:read"
    MODELS_READ = "models:read"
    MODELS_WRITE = "models:write"
    KEYS_READ = "keys:read"
    KEYS_WRITE = "keys:write"
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    TEAMS_READ = "teams:read"
    TEAMS_WRITE = "teams:write"
    BUDGETS_READ = "budgets:read"
    BUDGETS_WRITE = "budgets:write"
    REQUESTS_READ = "requests:read"
    REQUESTS_DECIDE = "requests:decide"
    USAGE_READ = "usage:read"
    AUDIT_READ = "audit:read"
    BANNERS_READ = "banners:read"
    BANNERS_WRITE = "banners:write"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    HEALTH_READ = "health:read"
    MANAGEMENT_KEYS_READ = "management-keys:read"
    MANAGEMENT_KEYS_WRITE = "management-keys:write"
    GUARDRAILS_READ = "guardrails:read"
    GUARDRAILS_WRITE = "guardrails:write"
    NOTICES_READ = "notices:read"
    NOTICES_WRITE = "notices:write"


class Rule(NamedTuple):
    """Who has a permission, and what it is for."""

    roles: frozenset[Role | None]
    meaning: str


_PEOPLE = frozenset[Role | None]({Role.ADMIN, Role.ADMIN_READONLY, Role.USER})
_ADMINS = frozenset[Role | None]({Role.ADMIN})
_WATCHERS = frozenset[Role | None]({Role.ADMIN, Role.ADMIN_READONLY})

RULES: Mapping[Permission, Rule] = {
    Permission.ENTER: Rule(_PEOPLE | {ANYBODY}, "see the login page and log in; ask whether we are alive"),
    Permission.OWN_READ: Rule(_PEOPLE, "see one's own profile, keys, teams, requests, sessions and usage"),
    Permission.OWN_WRITE: Rule(_PEOPLE, "change one's own profile, keys and sessions, and teams that one administers"),
    Permission.CATALOGUE_READ: Rule(_PEOPLE, "see the models, their prices and health"),
    Permission.ACCESS_ASK: Rule(_PEOPLE, "ask for models that were not granted"),
    Permission.PLAYGROUND_USE: Rule(_PEOPLE, "chat with granted models at one's own expense"),
    Permission.OVERVIEW_READ: Rule(_WATCHERS, "see traffic, errors and spend of all"),
    Permission.MODELS_READ: Rule(_WATCHERS, "see deployments; never their credentials"),
    Permission.MODELS_WRITE: Rule(_ADMINS, "add, change, try and delete models, and set prices"),
    Permission.KEYS_READ: Rule(_WATCHERS, "see the keys of everyone; never their text"),
    Permission.KEYS_WRITE: Rule(_ADMINS, "issue, change, block and revoke the keys of everyone"),
    Permission.USERS_READ: Rule(_WATCHERS, "see the users"),
    Permission.USERS_WRITE: Rule(_ADMINS, "create, change, block and delete users, and grant roles"),
    Permission.TEAMS_READ: Rule(_WATCHERS, "see the teams"),
    Permission.TEAMS_WRITE: Rule(_ADMINS, "create, change and delete teams, and put users into them"),
    Permission.BUDGETS_READ: Rule(_WATCHERS, "see the named budgets"),
    Permission.BUDGETS_WRITE: Rule(_ADMINS, "create, change and delete named budgets"),
    Permission.REQUESTS_READ: Rule(_WATCHERS, "see the requests for access of everyone"),
    Permission.REQUESTS_DECIDE: Rule(_ADMINS, "approve and deny requests for access"),
    Permission.USAGE_READ: Rule(_WATCHERS, "see and export the usage of everyone"),
    Permission.AUDIT_READ: Rule(_WATCHERS, "see and export the audit log"),
    Permission.BANNERS_READ: Rule(_WATCHERS, "see all banners, shown or not"),
    Permission.BANNERS_WRITE: Rule(_ADMINS, "put up, change and take down banners"),
    Permission.SETTINGS_READ: Rule(_WATCHERS, "see branding, currency, defaults and login groups"),
    Permission.SETTINGS_WRITE: Rule(_ADMINS, "change branding, currency, defaults and login groups"),
    Permission.HEALTH_READ: Rule(_WATCHERS, "see how the database, the journal and the upstreams are"),
    Permission.MANAGEMENT_KEYS_READ: Rule(_WATCHERS, "see the management keys; never their text"),
    Permission.MANAGEMENT_KEYS_WRITE: Rule(_ADMINS, "issue and revoke management keys"),
    Permission.GUARDRAILS_READ: Rule(_WATCHERS, "see the guardrails and whose calls they guard"),
    Permission.GUARDRAILS_WRITE: Rule(_ADMINS, "add, change, try, bind and remove guardrails"),
    Permission.NOTICES_READ: Rule(_WATCHERS, "see notices and where they go; never the secret part of an address"),
    Permission.NOTICES_WRITE: Rule(_ADMINS, "add, try and remove channels of notices"),
}


def allows(permission: Permission, role: Role | None) -> bool:
    """Tell whether somebody of this role, None: not logged in, has the permission."""
    return role in RULES[permission].roles


def permissions_page(note: str) -> str:
    """The reference page, as Markdown; `note` says where it comes from."""
    columns: list[Role | None] = [Role.ADMIN, Role.ADMIN_READONLY, Role.USER, ANYBODY]
    titles = [role.value if role else "not logged in" for role in columns]
    lines = [
        note,
        "# Permissions",
        "",
        "Each route of the portal's `/api` needs one permission; it is named as `x-permission` in `/openapi.json`.",
        "",
        f"| permission | lets one | {' | '.join(titles)} |",
        f"|---|---|{'---|' * len(titles)}",
    ]
    for permission, rule in RULES.items():
        marks = " | ".join("yes" if role in rule.roles else "" for role in columns)
        lines.append(f"| `{permission}` | {rule.meaning} | {marks} |")
    return "\n".join(lines) + "\n"
