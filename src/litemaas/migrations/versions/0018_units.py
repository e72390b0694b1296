"""What calls used besides tokens, as the ledger's last columns: images, seconds, characters, searches.

Four numbers that may be missing cost a chat nothing, and an image four bytes; as JSON they would be five times as wide.
"""

from litemaas.migrations.script import run_script

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the columns; nothing is known of the calls that there are."""
    run_script("""
        ALTER TABLE ledger
            ADD COLUMN images     integer,
            ADD COLUMN seconds    integer,
            ADD COLUMN characters integer,
            ADD COLUMN searches   integer
    """)
