"""Guardrails: what may not be said to a model, or by one, and whose calls are guarded."""

from litemaas.migrations.script import run_script

revision = "0019"
down_revision = "0018"

SCRIPT = """
CREATE TABLE guardrails (
    id          uuid PRIMARY KEY,
    name        text NOT NULL UNIQUE CHECK (name <> ''),
    kind        text NOT NULL CHECK (kind IN ('pattern', 'secrets', 'personal_data')),
    action      text NOT NULL CHECK (action IN ('block', 'mask', 'log')),
    sides       text[] NOT NULL CHECK (sides <@ '{input,output}' AND sides <> '{}'),
    patterns    text[] NOT NULL DEFAULT '{}',
    entities    text[] NOT NULL DEFAULT '{}',
    for_all     boolean NOT NULL DEFAULT false,
    bindings    jsonb NOT NULL DEFAULT '[]',  -- a list of {holder, id}: keys, teams and models
    created_at  timestamptz NOT NULL DEFAULT now(),
    created_by  text,
    updated_at  timestamptz NOT NULL DEFAULT now()
);

-- They are few, and replicas load them all: the change feed need not say which one changed.
CREATE FUNCTION guardrails_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE next_version bigint := next_snapshot_version();
BEGIN
    INSERT INTO changes (version, kind, id) VALUES (next_version, 'guardrails', '');
    PERFORM pg_notify('litemaas_changes', next_version::text);
    RETURN NULL;
END $$;
CREATE TRIGGER guardrails_recorded AFTER INSERT OR UPDATE OR DELETE ON guardrails
    FOR EACH STATEMENT EXECUTE FUNCTION guardrails_recorded();
"""


def upgrade() -> None:
    """Create the table."""
    run_script(SCRIPT)
