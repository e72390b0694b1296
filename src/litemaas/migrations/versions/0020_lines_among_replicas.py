"""Since when a replica has calls in line for a deployment's places, so that replicas take turns."""

from litemaas.migrations.script import run_script

revision = "0020"
down_revision = "0019"

COLUMN = "ALTER TABLE rate_limit_shares ADD COLUMN waiting_since timestamptz;"


def upgrade() -> None:
    """Add the column."""
    run_script(COLUMN)
