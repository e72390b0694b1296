"""LiteLLM's users and teams as ours."""

from collections.abc import Iterable, Mapping

from litemaas.domain.access.grants import ALL_PROXY_MODELS
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.moving.entities import Row
from litemaas.domain.moving.litellm.findings import Findings
from litemaas.domain.moving.litellm.grants import read_grants
from litemaas.domain.moving.litellm.holdings import Holdings
from litemaas.domain.moving.litellm.losses import TEAM, USER, metadata_of, tell_losses
from litemaas.domain.moving.litellm.money import Treasury, rates_of, utc

_ADMINS = ("proxy_admin", "proxy_admin_viewer")


class HolderReader:
    """Reads users and teams into rows."""

    def __init__(self, holdings: Holdings, findings: Findings, treasury: Treasury) -> None:
        self._holdings = holdings
        self._findings = findings
        self._treasury = treasury

    def read_user(self, row: Row) -> None:
        """Read one user."""
        user_id = row["user_id"]
        try:
            self._treasury.open(f"user:{user_id}", row)
        except InvalidInputError as error:
            self._findings.refused("user", user_id, error.message)
            return
        tell_losses(self._findings, "user", user_id, row, USER)
        if row.get("user_role") in _ADMINS:
            self._findings.ignored("user", user_id, f"The role {row['user_role']} comes from the login here.")
        self._holdings.add(
            "users",
            {
                "id": user_id,
                "email": row.get("user_email"),
                "alias": row.get("user_alias"),
                "models": read_grants(self._findings, "user", user_id, row.get("models")),
                "metadata": metadata_of(row),
                **rates_of(row),
                **created_at(row),
            },
        )

    def read_team(self, row: Row, aliases: Mapping[str, str]) -> None:
        """Read one team with its members."""
        team_id, name = row["team_id"], row.get("team_alias") or row["team_id"]
        try:
            self._treasury.open(f"team:{team_id}", row)
        except InvalidInputError as error:
            self._findings.refused("team", name, error.message)
            return
        tell_losses(self._findings, "team", name, row, TEAM)
        self._holdings.add(
            "teams",
            {
                "id": team_id,
                "alias": row.get("team_alias"),
                "models": read_grants(self._findings, "team", name, row.get("models")),
                "aliases": dict(aliases),
                "blocked": bool(row.get("blocked")),
                "metadata": metadata_of(row),
                **rates_of(row),
                **created_at(row),
            },
        )
        for user_id, role in _members(row).items():
            self._holdings.add("team_members", {"team_id": team_id, "user_id": user_id, "role": role})

    def add_missing_users(self, user_ids: Iterable[str]) -> None:
        """Add users that keys and teams name and that LiteLLM has no row for: nothing bounds them there either."""
        known = {row["id"] for row in self._holdings.rows["users"]}
        for user_id in sorted(set(user_ids) - known):
            self._findings.noted("user", user_id, "Keys or teams name this user, who has no limits there or here.")
            self._holdings.add("users", {"id": user_id, "models": [ALL_PROXY_MODELS]})
            self._treasury.open(f"user:{user_id}", {})


def created_at(row: Row) -> Row:
    """When the thing was created, if the source says so."""
    return {"created_at": utc(row["created_at"])} if row.get("created_at") else {}


def _members(row: Row) -> dict[str, str]:
    """Roles by user; older versions have lists of names instead of roles."""
    roles = dict.fromkeys(row.get("members") or (), "user") | dict.fromkeys(row.get("admins") or (), "admin")
    for member in row.get("members_with_roles") or ():
        if isinstance(member, dict) and member.get("user_id"):
            roles[member["user_id"]] = "admin" if member.get("role") == "admin" else "user"
    return roles
