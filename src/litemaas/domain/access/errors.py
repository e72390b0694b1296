"""Why a known caller may not have a model."""

from litemaas.domain.errors import AccessDeniedError, InvalidInputError, NotFoundError


class ModelNotAllowedError(AccessDeniedError):
    """The model is not granted; whether it exists is not told."""


class RouteNotAllowedError(AccessDeniedError):
    """The key may not call this path."""


class UnknownModelError(NotFoundError):
    """No model of this name; told only to callers that may have all."""


class AmbiguousModelError(InvalidInputError):
    """Several models serve this upstream name."""
