"""Of a batch: who runs it, so that it can be booked when nobody asks for it, and whether it was."""

from litemaas.migrations.script import run_script

revision = "0017"
down_revision = "0016"

SCRIPT = """
ALTER TABLE upstream_objects ADD COLUMN circumstances jsonb, ADD COLUMN settled_at timestamptz;

-- Batches that were booked before are booked again under the same id, and so not twice.
UPDATE upstream_objects AS batch
SET circumstances = jsonb_strip_nulls(jsonb_build_object(
    'endpoint', '/batches', 'model', batch.model, 'deployment_id', batch.deployment_id, 'provider', deployment.provider,
    'user_id', substring(batch.owner FROM '^user:(.*)$'),
    'team_id', substring(batch.owner FROM '^team:(.*)$'),
    'key_id', substring(batch.owner FROM '^key:(.*)$')))
FROM deployments AS deployment
WHERE deployment.id = batch.deployment_id AND batch.kind = 'batch';

CREATE INDEX ON upstream_objects (created_at) WHERE kind = 'batch' AND settled_at IS NULL;
"""


def upgrade() -> None:
    """Add the columns, and fill them of the batches that there are."""
    run_script(SCRIPT)
