"""Why a setting cannot be as asked."""

from litemaas.domain.errors import InvalidInputError, NotFoundError


class ImageRefusedError(InvalidInputError):
    """The picture is of a kind that we do not serve, or too large."""


class ImageNotFoundError(NotFoundError):
    """There is no such picture."""
