"""Why a request for access cannot be handled as asked."""

from litemaas.domain.errors import AlreadyExistsError, InvalidInputError, NotFoundError


class RequestNotFoundError(NotFoundError):
    """There is no such request."""


class RequestExistsError(AlreadyExistsError):
    """The model was asked for already."""


class RequestClosedError(InvalidInputError):
    """The request does not stand where this could be done to it."""
