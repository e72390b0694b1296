"""When each key was last used, and the calls that failed: what lists ask for that the ledger is too long to tell.

A trigger keeps the first in the transaction that records a call, so that thousands of keys can be sorted by it. The
index holds failed calls only, which are few: successful ones cost nothing more to write.
"""

from litemaas.migrations.script import run_script

revision = "0014"
down_revision = "0013"

SCRIPT = """
LOCK TABLE ledger IN SHARE ROW EXCLUSIVE MODE;

CREATE TABLE key_activity (
    key_id        uuid PRIMARY KEY,
    last_used_at  timestamptz NOT NULL
) WITH (fillfactor = 50);
INSERT INTO key_activity
SELECT k.id, last.started_at
FROM keys k, LATERAL (SELECT started_at FROM ledger WHERE key_id = k.id ORDER BY started_at DESC LIMIT 1) AS last;

-- The order is the same for everybody, so that two who record do not wait for each other in a circle.
CREATE FUNCTION ledger_insert_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO key_activity AS activity (key_id, last_used_at)
    SELECT key_id, max(started_at) FROM after_rows WHERE key_id IS NOT NULL GROUP BY key_id ORDER BY key_id
    ON CONFLICT (key_id) DO UPDATE SET last_used_at = EXCLUDED.last_used_at
    WHERE activity.last_used_at < EXCLUDED.last_used_at;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_insert_noted AFTER INSERT ON ledger REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_insert_noted();

CREATE INDEX ON ledger (started_at DESC) WHERE status >= 400;
"""


def upgrade() -> None:
    """Create table and index, fill the table from what is there, and keep it."""
    run_script(SCRIPT)
