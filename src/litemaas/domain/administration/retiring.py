"""What can be said about a model that goes out of use."""

from litemaas.domain.administration.patches import Patch
from litemaas.domain.catalog.entities import ModelGroup
from litemaas.domain.catalog.rows import find_group
from litemaas.domain.errors import InvalidInputError
from litemaas.storage.postgres import Connection

_FIELDS = frozenset({"deprecated_on", "sunset_on", "successor"})


async def check_retirement(connection: Connection, group: ModelGroup, changes: Patch) -> None:
    """Refuse changes by which `group` would go out of use in a way that nobody could follow.

    Raises:
        InvalidInputError: It would be gone before it is deprecated (RFC 9745, 4), or its successor is not there.
    """
    if _FIELDS.isdisjoint(changes):
        return
    if group.deprecated_on and group.sunset_on and group.sunset_on < group.deprecated_on:
        raise InvalidInputError("A model cannot be gone before it is deprecated.", param="sunset_on")
    if group.successor is None:
        return
    if group.successor == group.name:
        raise InvalidInputError("A model cannot be its own successor.", param="successor")
    if await find_group(connection, group.successor) is None:
        raise InvalidInputError(f"There is no model {group.successor!r} to use instead.", param="successor")
