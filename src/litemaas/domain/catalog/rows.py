"""SQL of model groups and deployments as administrators see them: one row each, read and written."""

from uuid import UUID

import asyncpg
import msgspec
from msgspec.structs import astuple

from litemaas.domain.catalog.entities import Deployment, ModelGroup, Routing, Timeouts
from litemaas.domain.catalog.errors import DeploymentExistsError, DeploymentNotFoundError
from litemaas.storage.postgres import Connection
from litemaas.storage.rows import insert_row, update_row

_GROUP = ModelGroup.__struct_fields__
_DEPLOYMENT = Deployment.__struct_fields__


async def lock_catalog(connection: Connection) -> None:
    """Let changes to models happen one after the other: they are rare, and touch several rows."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext('model catalog'))")


async def find_group(connection: Connection, name: str) -> ModelGroup | None:
    """Read the group of this public name."""
    row = await connection.fetchrow("SELECT * FROM model_groups WHERE name = $1", name)
    return _group(row) if row else None


async def group_of(connection: Connection, deployment: Deployment) -> ModelGroup:
    """Read the group that a deployment serves."""
    return _group(await connection.fetchrow("SELECT * FROM model_groups WHERE id = $1", deployment.group_id))


async def add_group(connection: Connection, group: ModelGroup) -> None:
    """Store a new group."""
    await connection.execute(insert_row("model_groups", _GROUP), *astuple(group))


async def save_group(connection: Connection, group: ModelGroup) -> None:
    """Store a group that was read in the same transaction."""
    await connection.execute(update_row("model_groups", _GROUP), *astuple(group))


async def deployment_count(connection: Connection, group_id: UUID) -> int:
    """How many deployments serve a group."""
    count: int = await connection.fetchval("SELECT count(*) FROM deployments WHERE group_id = $1", group_id)
    return count


async def delete_group_if_unserved(connection: Connection, group_id: UUID) -> None:
    """Delete a group that no deployment serves any more."""
    await connection.execute(
        "DELETE FROM model_groups WHERE id = $1 AND NOT EXISTS (SELECT FROM deployments WHERE group_id = $1)", group_id
    )


async def find_deployment(connection: Connection, deployment_id: str) -> Deployment:
    """Read a deployment.

    Raises:
        DeploymentNotFoundError: There is none of this id.
    """
    row = await connection.fetchrow("SELECT * FROM deployments WHERE id = $1", deployment_id)
    if row is None:
        raise DeploymentNotFoundError(f"There is no model with the id {deployment_id!r}.", param="id")
    return Deployment(**{**row, "timeouts": msgspec.convert(row["timeouts"], Timeouts)})


async def add_deployment(connection: Connection, deployment: Deployment) -> None:
    """Store a new deployment.

    Raises:
        DeploymentExistsError: Its id is taken.
    """
    try:
        await connection.execute(insert_row("deployments", _DEPLOYMENT), *astuple(deployment))
    except asyncpg.UniqueViolationError as error:
        raise DeploymentExistsError(
            f"There already is a model with the id {deployment.id!r}.", param="model_info.id"
        ) from error


async def save_deployment(connection: Connection, deployment: Deployment) -> None:
    """Store a deployment that was read in the same transaction."""
    await connection.execute(update_row("deployments", _DEPLOYMENT), *astuple(deployment))


async def delete_deployment(connection: Connection, deployment_id: str) -> None:
    """Delete a deployment with its prices."""
    await connection.execute("DELETE FROM deployments WHERE id = $1", deployment_id)


def _group(row: asyncpg.Record) -> ModelGroup:
    return ModelGroup(**{**row, "routing": msgspec.convert(row["routing"], Routing)})
