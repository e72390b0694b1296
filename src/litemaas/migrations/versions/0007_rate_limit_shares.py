"""What replicas have of the rate limits that they share, and how each of them counts.

The shares are not logged: they are told anew every few seconds, and after a minute they mean nothing any more.
"""

from litemaas.migrations.script import run_script

revision = "0007"
down_revision = "0006"

SHARES = """
CREATE UNLOGGED TABLE rate_limit_shares (
    scope          text NOT NULL,
    holder         uuid NOT NULL,
    requests       bigint NOT NULL,
    tokens         bigint NOT NULL,
    parallel       bigint NOT NULL,
    used_requests  bigint NOT NULL,
    used_tokens    bigint NOT NULL,
    used_parallel  bigint NOT NULL,
    frees_at       timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    wanted_until   timestamptz,
    PRIMARY KEY (scope, holder)
) WITH (fillfactor = 50);
"""

REPLICAS = """
ALTER TABLE replicas
    ADD COLUMN sees_redis boolean NOT NULL DEFAULT false,
    ADD COLUMN shares_in text NOT NULL DEFAULT '';
"""


def upgrade() -> None:
    """Create the table, and let replicas say how they count."""
    run_script(SHARES)
    run_script(REPLICAS)
