"""Why a key is not accepted, and why it cannot be managed as asked."""

from litemaas.domain.errors import AlreadyExistsError, AuthenticationError, InvalidInputError, NotFoundError


class MissingKeyError(AuthenticationError):
    """No key was sent."""


class UnknownKeyError(AuthenticationError):
    """There is no such key."""


class ExpiredKeyError(AuthenticationError):
    """The key's time is over."""


class BlockedKeyError(AuthenticationError):
    """The key, its user or its team is blocked."""


class KeyNotFoundError(NotFoundError):
    """An administrator named a key that is not there."""


class KeyExistsError(AlreadyExistsError):
    """The alias or the text is in use."""


class MalformedKeyError(InvalidInputError):
    """The text asked for cannot be a key."""
