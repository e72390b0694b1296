"""The day from which a deprecated model may be gone."""

from litemaas.migrations.script import run_script

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column."""
    run_script("ALTER TABLE model_groups ADD COLUMN sunset_on date")
