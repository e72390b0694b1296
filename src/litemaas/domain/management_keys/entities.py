"""What a management key is, and what it can be allowed to do."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Scope(StrEnum):
    """What a route of the management API needs. To write does not include to read: each scope is given by name."""

    ALL = "*"
    KEYS_READ = "keys:read"
    KEYS_WRITE = "keys:write"
    MODELS_READ = "models:read"
    MODELS_WRITE = "models:write"
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    ROLES_WRITE = "roles:write"
    TEAMS_READ = "teams:read"
    TEAMS_WRITE = "teams:write"
    BUDGETS_READ = "budgets:read"
    BUDGETS_WRITE = "budgets:write"
    SPEND_READ = "spend:read"
    LEDGER_WRITE = "ledger:write"
    NOTICES_READ = "notices:read"
    NOTICES_WRITE = "notices:write"
    GUARDRAILS_READ = "guardrails:read"
    GUARDRAILS_WRITE = "guardrails:write"
    REQUESTS_READ = "requests:read"
    REQUESTS_DECIDE = "requests:decide"
    BANNERS_READ = "banners:read"
    BANNERS_WRITE = "banners:write"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    AUDIT_READ = "audit:read"
    HEALTH_READ = "health:read"


MEANINGS: Mapping[Scope, str] = {
    Scope.ALL: "everything that the master key may do but calling models, issuing management keys included",
    Scope.KEYS_READ: "see virtual keys; never their text",
    Scope.KEYS_WRITE: "issue, change, rotate, block and revoke virtual keys",
    Scope.MODELS_READ: "see models, their deployments and prices; never credentials",
    Scope.MODELS_WRITE: "add, change, try and delete models, and have us ask an address what it serves",
    Scope.USERS_READ: "see users",
    Scope.USERS_WRITE: "create, change, block and delete users; with `keys:write` also issue their first key",
    Scope.ROLES_WRITE: "besides `users:write` or `settings:write`: say who is an admin of the portal; link logins",
    Scope.TEAMS_READ: "see teams",
    Scope.TEAMS_WRITE: "create, change, block and delete teams, and say who is in them",
    Scope.BUDGETS_READ: "see named budgets",
    Scope.BUDGETS_WRITE: "create, change and delete named budgets",
    Scope.SPEND_READ: "see calls and what was spent",
    Scope.LEDGER_WRITE: "make daily sums anew from single calls",
    Scope.NOTICES_READ: "see notices and where they go; never the secret part of an address",
    Scope.NOTICES_WRITE: "say where notices go, and try it",
    Scope.GUARDRAILS_READ: "see guardrails, and try them on a text",
    Scope.GUARDRAILS_WRITE: "say what may not pass, and whose calls are guarded",
    Scope.REQUESTS_READ: "see who asks for models",
    Scope.REQUESTS_DECIDE: "approve and deny requests for models",
    Scope.BANNERS_READ: "see all banners, shown or not",
    Scope.BANNERS_WRITE: "put up, change and take down banners",
    Scope.SETTINGS_READ: "see branding, currency, defaults and login groups",
    Scope.SETTINGS_WRITE: "change branding, currency and defaults; with `roles:write` also login groups",
    Scope.AUDIT_READ: "see the audit log",
    Scope.HEALTH_READ: "have every deployment tried, which costs a call each",
}


class ManagementKey(Struct, frozen=True, kw_only=True):
    """A management key as stored; its text is known only to its holder.

    Attributes:
        name: By which the audit log and people know it; unique among those that are not revoked.
        key_hash: SHA-256 of its text, in hexadecimal.
        key_hint: The text's last four characters.
        expires_at: None: never.
        last_used_at: To the minute.
    """

    id: UUID
    name: str
    key_hash: str
    key_hint: str
    scopes: list[Scope]
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None
    revoked_by: str | None = None


def covers(scopes: Collection[Scope], needed: Scope) -> bool:
    """Tell whether `scopes` include `needed`."""
    return Scope.ALL in scopes or needed in scopes
