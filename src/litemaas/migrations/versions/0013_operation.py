"""What runs beside calls: duties that one replica does for all, health of deployments, notices to people."""

from litemaas.migrations.script import run_script

revision = "0013"
down_revision = "0012"

SCRIPT = """
-- What one replica does for all, and when it is due again: whoever moves due_at on has the turn.
CREATE TABLE duties (
    name    text PRIMARY KEY,
    due_at  timestamptz NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE deployment_health (
    deployment_id  text PRIMARY KEY REFERENCES deployments ON DELETE CASCADE,
    healthy        boolean NOT NULL,
    since          timestamptz NOT NULL,
    checked_at     timestamptz NOT NULL,
    failures       integer NOT NULL DEFAULT 0,
    error          text,
    latency_ms     integer
) WITH (fillfactor = 70);

CREATE TABLE notice_channels (
    id          uuid PRIMARY KEY,
    name        text NOT NULL UNIQUE CHECK (name <> ''),
    kind        text NOT NULL CHECK (kind IN ('webhook', 'slack', 'teams', 'email')),
    place       text NOT NULL,             -- where it leads, without anything secret
    events      text[],                    -- null: all
    options     jsonb NOT NULL DEFAULT '{}',
    sealed      bytea NOT NULL,            -- addresses with secrets in them, passwords: encrypted; never leaves
    created_at  timestamptz NOT NULL DEFAULT now(),
    created_by  text
);

-- Whoever inserts the row has noticed it first; nobody notices it again.
CREATE TABLE notices (
    id        uuid PRIMARY KEY,
    event     text NOT NULL,
    subject   text NOT NULL,
    occasion  text NOT NULL,
    at        timestamptz NOT NULL,
    message   text NOT NULL,
    details   jsonb NOT NULL DEFAULT '{}',
    UNIQUE (event, subject, occasion)
);
CREATE INDEX ON notices (at DESC, id);

CREATE TABLE notice_deliveries (
    notice_id        uuid NOT NULL REFERENCES notices ON DELETE CASCADE,
    channel_id       uuid NOT NULL REFERENCES notice_channels ON DELETE CASCADE,
    state            text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead')),
    attempts         integer NOT NULL DEFAULT 0,
    next_attempt_at  timestamptz NOT NULL DEFAULT now(),
    last_error       text,
    sent_at          timestamptz,
    PRIMARY KEY (notice_id, channel_id)
) WITH (fillfactor = 70);
CREATE INDEX ON notice_deliveries (next_attempt_at) WHERE state = 'waiting';
CREATE INDEX ON notice_deliveries (channel_id);
"""


def upgrade() -> None:
    """Create the tables."""
    run_script(SCRIPT)
