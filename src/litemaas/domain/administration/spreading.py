"""How a model's calls are spread over its deployments, and who stands in when they fail: what may be said of it."""

from litemaas.domain.administration.patches import Patch
from litemaas.domain.catalog.entities import ModelGroup
from litemaas.domain.catalog.rows import find_group
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.routing.choosing import STRATEGIES
from litemaas.storage.postgres import Connection

_STAND_INS = ("fallbacks", "context_window_fallbacks")


async def check_routing(connection: Connection, group: ModelGroup, changes: Patch) -> None:
    """Refuse changes by which calls to `group` would go where nobody could send them.

    Args:
        connection: In the transaction that stores the change.
        group: The group as it is to be.
        changes: What was said of its routing; what was not said is not looked at, so that a model that stands in can be
            deleted without keeping this one from being changed.

    Raises:
        InvalidInputError: There is no such strategy, or no such model to stand in.
    """
    if "strategy" in changes and group.routing.strategy not in STRATEGIES:
        raise InvalidInputError(
            f"strategy must be one of {', '.join(STRATEGIES)}.", param="model_info.routing.strategy"
        )
    for field in _STAND_INS:
        for name in getattr(group.routing, field) if field in changes else ():
            if name == group.name:
                raise InvalidInputError("A model cannot stand in for itself.", param=f"model_info.routing.{field}")
            if await find_group(connection, name) is None:
                raise InvalidInputError(f"There is no model {name!r} to stand in.", param=f"model_info.routing.{field}")
