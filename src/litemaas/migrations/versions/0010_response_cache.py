"""Which models have a response cache, for how long it keeps an answer, and which keys do without."""

from litemaas.migrations.script import run_script

revision = "0010"
down_revision = "0009"

COLUMNS = """
ALTER TABLE model_groups
    ADD COLUMN cache_ttl integer CHECK (cache_ttl > 0),
    ADD COLUMN cache_shared boolean NOT NULL DEFAULT false;
ALTER TABLE keys ADD COLUMN uses_cache boolean NOT NULL DEFAULT true;
"""


def upgrade() -> None:
    """Add the columns; no model has a cache before somebody says so."""
    run_script(COLUMNS)
