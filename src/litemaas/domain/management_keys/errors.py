"""Why a management key is not accepted, and why it cannot be managed as asked."""

from litemaas.domain.errors import AccessDeniedError, AlreadyExistsError, AuthenticationError, NotFoundError


class UnknownManagementKeyError(AuthenticationError):
    """There is no such management key, or no longer."""


class ExpiredManagementKeyError(AuthenticationError):
    """The management key's time is over."""


class ScopeMissingError(AccessDeniedError):
    """The management key has not the scope that this needs."""


class ManagementKeyNotFoundError(NotFoundError):
    """An administrator named a management key that is not there."""


class ManagementKeyExistsError(AlreadyExistsError):
    """The name is in use."""
