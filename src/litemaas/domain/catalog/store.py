"""SQL of model groups and deployments."""

import msgspec

from litemaas.domain.catalog.entities import Deployment, ModelGroup, Routing, Timeouts
from litemaas.storage.postgres import Connection


async def load_groups(connection: Connection) -> list[ModelGroup]:
    """All model groups, by name."""
    rows = await connection.fetch("SELECT * FROM model_groups ORDER BY name")
    return [ModelGroup(**{**row, "routing": msgspec.convert(row["routing"], Routing)}) for row in rows]


async def load_deployments(connection: Connection) -> list[Deployment]:
    """All deployments, in the order of their creation."""
    rows = await connection.fetch("SELECT * FROM deployments ORDER BY created_at, id")
    return [Deployment(**{**row, "timeouts": msgspec.convert(row["timeouts"], Timeouts)}) for row in rows]
