"""Which processes serve an instance, as they say themselves every few seconds."""

from litemaas.migrations.script import run_script

revision = "0003"
down_revision = "0002"

REPLICAS = """
CREATE TABLE replicas (
    id            uuid PRIMARY KEY,
    host          text NOT NULL,
    version       text NOT NULL,
    started_at    timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    snapshot_age  double precision NOT NULL
);
"""


def upgrade() -> None:
    """Create the table."""
    run_script(REPLICAS)
