"""The portal: sessions, login bookkeeping, roles, access requests, announcements and what admins set in the UI.

None of it is watched by the change feed: replicas read it from the database when a person asks.
"""

from litemaas.migrations.script import run_script

revision = "0002"
down_revision = "0001"

SESSIONS = """
-- id_hash: SHA-256 of the cookie's value, which is not kept; id: what the owner may call the session.
CREATE TABLE sessions (
    id_hash       bytea PRIMARY KEY CHECK (length(id_hash) = 32),
    id            uuid NOT NULL UNIQUE,
    user_id       text NOT NULL REFERENCES users,
    provider      text NOT NULL,
    is_lab_admin  boolean NOT NULL DEFAULT false,
    address       text,
    user_agent    text,
    created_at    timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL
);
CREATE INDEX ON sessions (user_id);
CREATE INDEX ON sessions (expires_at);

-- The id of each login state that came back once: it does not count a second time.
CREATE TABLE used_login_states (
    id          text PRIMARY KEY,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX ON used_login_states (expires_at);

CREATE TABLE login_attempts (
    bucket      text PRIMARY KEY,
    began_at    timestamptz NOT NULL,
    attempts    integer NOT NULL
);

-- Where users.role comes from: the groups at the last login, and what an admin granted. The stronger one holds.
CREATE TABLE role_sources (
    user_id      text PRIMARY KEY REFERENCES users,
    from_groups  text CHECK (from_groups IN ('admin', 'admin-readonly', 'user')),
    granted      text CHECK (granted IN ('admin', 'admin-readonly', 'user'))
);
"""

ACCESS_REQUESTS = """
CREATE TABLE access_requests (
    id               uuid PRIMARY KEY,
    user_id          text NOT NULL REFERENCES users,
    model            text NOT NULL,
    reason           text,
    status           text NOT NULL CHECK (status IN ('pending', 'approved', 'denied', 'withdrawn')),
    decision_reason  text,
    created_at       timestamptz NOT NULL,
    decided_at       timestamptz,
    UNIQUE (user_id, model)
);
CREATE INDEX ON access_requests (status, created_at);

CREATE TABLE access_request_steps (
    request_id  uuid NOT NULL REFERENCES access_requests ON DELETE CASCADE,
    at          timestamptz NOT NULL,
    actor       text NOT NULL,
    status      text NOT NULL,
    reason      text,
    PRIMARY KEY (request_id, at)
);
"""

SITE = """
CREATE TABLE banners (
    id           uuid PRIMARY KEY,
    content      jsonb NOT NULL,              -- text by language; English is always there
    style        text NOT NULL,
    dismissible  boolean NOT NULL DEFAULT true,
    active       boolean NOT NULL DEFAULT false,
    starts_at    timestamptz,
    ends_at      timestamptz,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);

CREATE TABLE banner_dismissals (
    banner_id  uuid NOT NULL REFERENCES banners ON DELETE CASCADE,
    user_id    text NOT NULL REFERENCES users,
    PRIMARY KEY (banner_id, user_id)
);

CREATE TABLE site_settings (
    name        text PRIMARY KEY,
    value       jsonb NOT NULL,
    updated_at  timestamptz NOT NULL
);

CREATE TABLE branding_images (
    kind        text PRIMARY KEY,
    media_type  text NOT NULL,
    content     bytea NOT NULL,
    digest      text NOT NULL
);
"""


def upgrade() -> None:
    """Create the portal's tables."""
    for part in (SESSIONS, ACCESS_REQUESTS, SITE):
        run_script(part)
