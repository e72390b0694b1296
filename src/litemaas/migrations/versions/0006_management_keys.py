"""Management keys: credentials of automation for the management API.

They are not watched by the change feed: each management call reads them from the database, so that a revoked one is
refused at once everywhere.
"""

from litemaas.migrations.script import run_script

revision = "0006"
down_revision = "0005"

MANAGEMENT_KEYS = """
CREATE TABLE management_keys (
    id            uuid PRIMARY KEY,
    name          text NOT NULL CHECK (name <> ''),
    key_hash      text NOT NULL UNIQUE,
    key_hint      text NOT NULL,
    scopes        text[] NOT NULL CHECK (scopes <> '{}'),
    expires_at    timestamptz,
    last_used_at  timestamptz,
    created_at    timestamptz NOT NULL,
    created_by    text NOT NULL,
    revoked_at    timestamptz,
    revoked_by    text
);
CREATE UNIQUE INDEX management_keys_name_in_use ON management_keys (name) WHERE revoked_at IS NULL;
"""


def upgrade() -> None:
    """Create the table."""
    run_script(MANAGEMENT_KEYS)
