"""Team admins: people who manage the members and the keys of their teams, whatever their role in the portal."""

from litemaas.domain.administration.teams import TeamDetail
from litemaas.domain.sessions.entities import LoggedIn
from litemaas.domain.sessions.errors import RoleNotAllowedError
from litemaas.domain.teams.errors import TeamNotFoundError
from litemaas.portal.portal import Portal

_ADMIN = "admin"


async def administers(portal: Portal, team_id: str, caller: LoggedIn) -> bool:
    """Tell whether the caller is an admin of the team."""
    try:
        team = await portal.platform.teams.get(team_id)
    except TeamNotFoundError:
        return False
    return any(member.user_id == caller.user_id and member.role == _ADMIN for member in team.members)


async def own_team(portal: Portal, team_id: str, caller: LoggedIn) -> TeamDetail:
    """A team that the caller is in; of others it is not told whether they are there.

    Raises:
        TeamNotFoundError: There is none.
    """
    team = await portal.platform.teams.get(team_id)
    if all(member.user_id != caller.user_id for member in team.members):
        raise TeamNotFoundError(f"There is no team {team_id!r}.", param="team_id")
    return team


async def check_administers(portal: Portal, team_id: str, caller: LoggedIn) -> None:
    """Raise unless the caller is an admin of the team.

    Raises:
        TeamNotFoundError: The caller is not in it.
        RoleNotAllowedError: The caller is, but not as an admin.
    """
    team = await own_team(portal, team_id, caller)
    if all((member.user_id, member.role) != (caller.user_id, _ADMIN) for member in team.members):
        raise RoleNotAllowedError("Only the team's admins may do this.")
