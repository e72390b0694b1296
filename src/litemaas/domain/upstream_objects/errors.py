"""Why a thing that an upstream keeps cannot be had."""

from litemaas.domain.errors import NotFoundError


class ObjectNotFoundError(NotFoundError):
    """There is none of this id for this caller; whether somebody else has it is not told."""
