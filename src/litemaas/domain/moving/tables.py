"""Which of our tables move house, in which order, and how a row of each is recognised."""

from typing import NamedTuple


class Table(NamedTuple):
    """How the rows of one table are moved.

    Attributes:
        kind: What a row is, to people and in the audit log.
        match: Columns that tell whether a row is here already.
        label: Column that people know a row by.
        renames: The primary key is `id` and not what rows are matched by; references follow to the row that is here.
        refers: Columns that hold such an id.
        settled: A row that is here is never changed by an import: money counts here from the first call on.
        listed: Reports and the audit log name each row; the others are counted.
    """

    name: str
    kind: str
    match: tuple[str, ...]
    label: str = "id"
    renames: bool = False
    refers: tuple[str, ...] = ()
    settled: bool = False
    listed: bool = True


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("budgets", "budget", ("id",)),
        Table("users", "user", ("id",)),
        Table("teams", "team", ("id",)),
        Table("team_members", "membership", ("team_id", "user_id"), label="user_id"),
        Table("keys", "key", ("key_hash",), label="alias", renames=True),
        Table("accounts", "limit", ("id",), listed=False),
        Table("balances", "balance", ("account_id",), label="account_id", settled=True, listed=False),
        Table("model_groups", "model", ("name",), label="name", renames=True),
        Table("deployments", "deployment", ("id",), refers=("group_id",)),
        Table("guardrails", "guardrail", ("name",), label="name", renames=True),
        Table("prices", "price", ("deployment_id", "effective_from"), label="deployment_id", listed=False),
        Table("upstream_objects", "upstream_object", ("kind", "id", "owner"), settled=True, listed=False),
        Table("role_sources", "role", ("user_id",), label="user_id"),
        Table("access_requests", "access_request", ("id",), label="model"),
        Table("access_request_steps", "access_request_step", ("request_id", "at"), listed=False),
        Table("banners", "banner", ("id",)),
        Table("banner_dismissals", "banner_dismissal", ("banner_id", "user_id"), label="user_id", listed=False),
        Table("site_settings", "setting", ("name",), label="name"),
        Table("branding_images", "branding_image", ("kind",), label="kind"),
        Table(
            "daily_spend",
            "daily_spend",
            ("day", "key_id", "user_id", "team_id", "model", "provider", "endpoint"),
            label="day",
            refers=("key_id",),
            settled=True,
            listed=False,
        ),
        Table(
            "daily_label_spend", "daily_label_spend", ("day", "name", "value"), label="day", settled=True, listed=False
        ),
        Table("audit_log", "audit_entry", ("id",), settled=True, listed=False),
        Table("ledger", "call", ("started_at", "id"), refers=("key_id",), settled=True, listed=False),
    )
}
"""By name, in an order in which every row comes after those that it needs."""

HISTORY = "ledger"
"""The table that is only moved when asked for: by far the largest, and nothing but reports of single calls needs it."""

STAYING: dict[str, str] = {
    "alembic_version": "belongs to the schema",
    "changes": "tells replicas what changed here",
    "daily_totals": "is added up from daily_spend by triggers",
    "deployment_health": "is found out anew there",
    "duties": "says who does what here",
    "key_activity": "is kept by a trigger of the ledger: calls that are moved bring it along",
    "leases": "is held by replicas that run here",
    "login_attempts": "counts what happens here",
    "management_keys": "are credentials of this installation, as the master key is: issued anew there",
    "notice_channels": "lead to the people of this installation, by secrets of its own: added anew there",
    "notice_deliveries": "tells what was sent from here",
    "notices": "tells what happened here",
    "owner_totals": "is added up from daily_spend by triggers",
    "rate_limit_shares": "is held by replicas that run here",
    "replicas": "names the processes that run here",
    "salt_check": "belongs to the salt key of here",
    "sessions": "people log in again",
    "snapshot_version": "counts what changed here",
    "used_login_states": "counts what happens here",
    "weekly_spend": "is added up from daily_spend by triggers",
}
"""Tables that stay, and why."""

UPKEEP = ("created_at", "created_by", "updated_at", "updated_by", "last_login_at")
"""Columns in which a row may differ and still be the same."""

OMITTED: dict[str, tuple[str, ...]] = {"balances": ("leased",), "deployments": ("credential",)}
"""Columns that are not exported as they are: leases stay, and credentials are sealed anew."""
