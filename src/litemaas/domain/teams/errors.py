"""Why a team cannot be managed as asked."""

from litemaas.domain.errors import AlreadyExistsError, NotFoundError


class TeamNotFoundError(NotFoundError):
    """There is no such team."""


class TeamExistsError(AlreadyExistsError):
    """The id is taken."""


class MemberNotFoundError(NotFoundError):
    """The user is not in the team."""


class AlreadyMemberError(AlreadyExistsError):
    """The user is in the team already."""
