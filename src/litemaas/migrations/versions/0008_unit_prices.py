"""Prices of images made and of searches."""

from litemaas.migrations.script import run_script

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the columns; an image made costs as before: what an image of a prompt costs, unless it is said."""
    run_script("""
        ALTER TABLE prices
            ADD COLUMN output_image numeric CHECK (output_image >= 0),
            ADD COLUMN search numeric NOT NULL DEFAULT 0 CHECK (search >= 0);
    """)
