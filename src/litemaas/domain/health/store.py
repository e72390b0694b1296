"""SQL of deployments' health."""

from collections.abc import Iterable

from msgspec.structs import astuple

from litemaas.domain.health.entities import DeploymentHealth
from litemaas.storage.postgres import Connection

_SAVE = """
INSERT INTO deployment_health (deployment_id, healthy, since, checked_at, failures, error, latency_ms)
SELECT $1, $2, $3, $4, $5, $6, $7 WHERE EXISTS (SELECT FROM deployments WHERE id = $1)
ON CONFLICT (deployment_id) DO UPDATE SET
    healthy = EXCLUDED.healthy, since = EXCLUDED.since, checked_at = EXCLUDED.checked_at,
    failures = EXCLUDED.failures, error = EXCLUDED.error, latency_ms = EXCLUDED.latency_ms
"""


async def load_health(connection: Connection) -> dict[str, DeploymentHealth]:
    """What is known, by deployment."""
    rows = await connection.fetch("SELECT * FROM deployment_health")
    return {row["deployment_id"]: DeploymentHealth(**row) for row in rows}


async def save_health(connection: Connection, healths: Iterable[DeploymentHealth]) -> None:
    """Write what was found of deployments that still are."""
    await connection.executemany(_SAVE, [astuple(health) for health in healths])
