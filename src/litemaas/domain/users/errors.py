"""Why a user cannot be managed as asked."""

from litemaas.domain.errors import AlreadyExistsError, NotFoundError


class UserNotFoundError(NotFoundError):
    """There is no such user."""


class UserExistsError(AlreadyExistsError):
    """The id is taken."""
