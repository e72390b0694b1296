"""Why a channel cannot be managed as asked."""

from litemaas.domain.errors import AlreadyExistsError, InvalidInputError, NotFoundError


class ChannelNotFoundError(NotFoundError):
    """There is no such channel."""


class ChannelExistsError(AlreadyExistsError):
    """The name is taken."""


class ChannelRefusedError(InvalidInputError):
    """Nothing could be sent through such a channel."""
