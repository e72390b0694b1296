"""Why a banner cannot be managed as asked."""

from litemaas.domain.errors import InvalidInputError, NotFoundError


class BannerNotFoundError(NotFoundError):
    """There is no such banner."""


class BannerRefusedError(InvalidInputError):
    """The banner cannot be shown as asked."""
