"""What upstreams keep for our callers: stored responses, files, batches."""

from litemaas.migrations.script import run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the table."""
    run_script("""
        CREATE TABLE upstream_objects (
            kind           text NOT NULL CHECK (kind IN ('response', 'file', 'batch')),
            id             text NOT NULL CHECK (length(id) <= 512),
            owner          text NOT NULL,
            deployment_id  text NOT NULL REFERENCES deployments ON DELETE CASCADE,
            model          text NOT NULL,
            tokens         bigint NOT NULL CHECK (tokens >= 0),
            created_at     timestamptz NOT NULL,
            expires_at     timestamptz,
            PRIMARY KEY (kind, id, owner)
        );
        CREATE INDEX ON upstream_objects (owner, kind, created_at);
        CREATE INDEX ON upstream_objects (deployment_id);
        CREATE INDEX ON upstream_objects (expires_at);
    """)
