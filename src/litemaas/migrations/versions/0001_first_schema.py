"""The first schema: people, keys, models, budgets, the ledger, and the change feed that keeps snapshots current.

Three ideas carry it:

* What replicas hold in memory (users, teams, keys, accounts, models) is watched by statement triggers that write to
  `changes` under one counter. The counter's row lock makes commit order equal version order, so "give me all after
  version N" never skips a change, also one made by hand in psql.
* Limits (`accounts`) and what was spent of them (`balances`) are two tables: the second changes with every batch of
  spend and must not wake the snapshots.
* The ledger is narrow and partitioned by month; `daily_spend` is derived from it and can be rebuilt.
"""

from litemaas.migrations.script import run_script

revision = "0001"
down_revision = None

PEOPLE = """
CREATE TABLE budgets (
    id                     text PRIMARY KEY CHECK (id <> ''),
    max_budget             numeric CHECK (max_budget >= 0),
    soft_budget            numeric CHECK (soft_budget >= 0),
    budget_duration        text,
    rpm_limit              bigint CHECK (rpm_limit >= 0),
    tpm_limit              bigint CHECK (tpm_limit >= 0),
    max_parallel_requests  bigint CHECK (max_parallel_requests >= 0),
    created_at timestamptz NOT NULL DEFAULT now(), created_by text,
    updated_at timestamptz NOT NULL DEFAULT now(), updated_by text
);

CREATE TABLE users (
    id                     text PRIMARY KEY CHECK (id <> ''),
    email                  text,
    alias                  text,
    role                   text NOT NULL DEFAULT 'user' CHECK (role IN ('admin', 'admin-readonly', 'user')),
    models                 text[] NOT NULL,
    rpm_limit              bigint CHECK (rpm_limit >= 0),
    tpm_limit              bigint CHECK (tpm_limit >= 0),
    max_parallel_requests  bigint CHECK (max_parallel_requests >= 0),
    blocked                boolean NOT NULL DEFAULT false,
    metadata               jsonb NOT NULL DEFAULT '{}',
    issuer                 text,
    subject                text,
    last_login_at          timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(), created_by text,
    updated_at timestamptz NOT NULL DEFAULT now(), updated_by text,
    deleted_at timestamptz,
    UNIQUE (issuer, subject)
);

CREATE TABLE teams (
    id                     text PRIMARY KEY CHECK (id <> ''),
    alias                  text,
    models                 text[] NOT NULL,
    aliases                jsonb NOT NULL DEFAULT '{}',
    rpm_limit              bigint CHECK (rpm_limit >= 0),
    tpm_limit              bigint CHECK (tpm_limit >= 0),
    max_parallel_requests  bigint CHECK (max_parallel_requests >= 0),
    blocked                boolean NOT NULL DEFAULT false,
    metadata               jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(), created_by text,
    updated_at timestamptz NOT NULL DEFAULT now(), updated_by text,
    deleted_at timestamptz
);

CREATE TABLE team_members (
    team_id text NOT NULL REFERENCES teams,
    user_id text NOT NULL REFERENCES users,
    role    text NOT NULL DEFAULT 'user' CHECK (role IN ('admin', 'user')),
    PRIMARY KEY (team_id, user_id)
);
CREATE INDEX ON team_members (user_id);
"""

KEYS = """
CREATE TABLE keys (
    id                     uuid PRIMARY KEY,
    key_hash               text NOT NULL UNIQUE CHECK (length(key_hash) = 64),
    key_hint               text NOT NULL,
    previous_hash          text UNIQUE,
    previous_expires_at    timestamptz,
    alias                  text,
    user_id                text REFERENCES users,
    team_id                text REFERENCES teams,
    models                 text[] NOT NULL,
    aliases                jsonb NOT NULL DEFAULT '{}',
    rpm_limit              bigint CHECK (rpm_limit >= 0),
    tpm_limit              bigint CHECK (tpm_limit >= 0),
    max_parallel_requests  bigint CHECK (max_parallel_requests >= 0),
    model_rpm_limit        jsonb NOT NULL DEFAULT '{}',
    model_tpm_limit        jsonb NOT NULL DEFAULT '{}',
    allowed_routes         text[] NOT NULL DEFAULT '{}',
    blocked                boolean NOT NULL DEFAULT false,
    expires_at             timestamptz,
    metadata               jsonb NOT NULL DEFAULT '{}',
    rotation_count         integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(), created_by text,
    updated_at timestamptz NOT NULL DEFAULT now(), updated_by text,
    deleted_at timestamptz, deleted_by text
);
CREATE UNIQUE INDEX keys_alias_in_use ON keys (alias) WHERE deleted_at IS NULL;
CREATE INDEX ON keys (user_id) WHERE deleted_at IS NULL;
CREATE INDEX ON keys (team_id) WHERE deleted_at IS NULL;
CREATE INDEX ON keys (created_at DESC, id) WHERE deleted_at IS NULL;
"""

MONEY = """
-- One row for all that can have a limit: 'key:<uuid>', 'user:<id>', 'team:<id>', 'key:<uuid>/model:<name>', 'global'.
-- Own values stand above those of the shared budget named by budget_id.
CREATE TABLE accounts (
    id               text PRIMARY KEY,
    budget_id        text REFERENCES budgets,
    max_budget       numeric CHECK (max_budget >= 0),
    soft_budget      numeric CHECK (soft_budget >= 0),
    budget_duration  text
);

CREATE INDEX ON accounts (id text_pattern_ops); -- all accounts of one key

-- What was spent in the window that began at window_start, and what replicas hold of it as leases.
CREATE TABLE balances (
    account_id    text PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    window_start  timestamptz NOT NULL DEFAULT 'epoch',
    spent         numeric NOT NULL DEFAULT 0,
    leased        numeric NOT NULL DEFAULT 0,
    total_spent   numeric NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

-- amount: granted less what the holder's shipped journal has already turned into spend.
CREATE TABLE leases (
    account_id    text NOT NULL REFERENCES accounts ON DELETE CASCADE,
    holder        uuid NOT NULL,
    window_start  timestamptz NOT NULL,
    amount        numeric NOT NULL,
    expires_at    timestamptz NOT NULL,
    PRIMARY KEY (account_id, holder)
) WITH (fillfactor = 70);
CREATE INDEX ON leases (holder);
"""

MODELS = """
CREATE TABLE model_groups (
    id                 uuid PRIMARY KEY,
    name               text NOT NULL UNIQUE CHECK (name <> ''),
    mode               text NOT NULL DEFAULT 'chat',
    description        text,
    access_groups      text[] NOT NULL DEFAULT '{}',
    restricted         boolean NOT NULL DEFAULT false,
    max_input_tokens   bigint CHECK (max_input_tokens > 0),
    max_output_tokens  bigint CHECK (max_output_tokens > 0),
    routing            jsonb NOT NULL DEFAULT '{}',
    metadata           jsonb NOT NULL DEFAULT '{}',
    deprecated_on      date,
    successor          text,
    created_at timestamptz NOT NULL DEFAULT now(), created_by text,
    updated_at timestamptz NOT NULL DEFAULT now(), updated_by text
);

CREATE TABLE deployments (
    id                     text PRIMARY KEY CHECK (id <> ''),
    group_id               uuid NOT NULL REFERENCES model_groups ON DELETE CASCADE,
    provider               text NOT NULL,
    upstream_model         text NOT NULL,
    api_base               text,
    credential             bytea,             -- encrypted; never leaves
    weight                 double precision NOT NULL DEFAULT 1 CHECK (weight >= 0),
    rpm_limit              bigint CHECK (rpm_limit >= 0),
    tpm_limit              bigint CHECK (tpm_limit >= 0),
    max_parallel_requests  bigint CHECK (max_parallel_requests >= 0),
    timeouts               jsonb NOT NULL DEFAULT '{}',
    settings               jsonb NOT NULL DEFAULT '{}',  -- what else came in litellm_params, secrets excepted
    metadata               jsonb NOT NULL DEFAULT '{}',  -- model_info as given
    created_at timestamptz NOT NULL DEFAULT now(), created_by text,
    updated_at timestamptz NOT NULL DEFAULT now(), updated_by text
);
CREATE INDEX ON deployments (group_id);

-- Dollars per unit; the row with the latest effective_from not in the future applies.
CREATE TABLE prices (
    deployment_id      text NOT NULL REFERENCES deployments ON DELETE CASCADE,
    effective_from     timestamptz NOT NULL DEFAULT 'epoch',
    input_token        numeric NOT NULL DEFAULT 0 CHECK (input_token >= 0),
    output_token       numeric NOT NULL DEFAULT 0 CHECK (output_token >= 0),
    cached_input_token numeric CHECK (cached_input_token >= 0),
    cache_write_token  numeric CHECK (cache_write_token >= 0),
    reasoning_token    numeric CHECK (reasoning_token >= 0),
    request            numeric NOT NULL DEFAULT 0 CHECK (request >= 0),
    image              numeric NOT NULL DEFAULT 0 CHECK (image >= 0),
    second             numeric NOT NULL DEFAULT 0 CHECK (second >= 0),
    character          numeric NOT NULL DEFAULT 0 CHECK (character >= 0),
    source             text NOT NULL DEFAULT 'given',
    PRIMARY KEY (deployment_id, effective_from)
);

-- A known plaintext under the salt key: a wrong key is noticed at the start, not at the first call.
CREATE TABLE salt_check (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    sealed    bytea NOT NULL
);
"""

LEDGER = """
CREATE TABLE ledger (
    id                  uuid NOT NULL,
    started_at          timestamptz NOT NULL,
    key_id              uuid,
    user_id             text,
    team_id             text,
    end_user            text,
    request_id          text,
    endpoint            text NOT NULL,
    model               text NOT NULL,
    deployment_id       text NOT NULL,
    provider            text NOT NULL,
    status              smallint NOT NULL,
    error_code          text,
    input_tokens        bigint NOT NULL,
    output_tokens       bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    cache_write_tokens  bigint NOT NULL,
    reasoning_tokens    bigint NOT NULL,
    cost                numeric(24, 12) NOT NULL,
    estimated           boolean NOT NULL,
    cached              boolean NOT NULL,
    streamed            boolean NOT NULL,
    attempts            smallint NOT NULL,
    duration_ms         integer NOT NULL,
    first_byte_ms       integer,
    labels              jsonb,
    PRIMARY KEY (started_at, id)
) PARTITION BY RANGE (started_at);
CREATE INDEX ON ledger (key_id, started_at DESC);
CREATE INDEX ON ledger (user_id, started_at DESC);
CREATE INDEX ON ledger (team_id, started_at DESC);
CREATE INDEX ON ledger (id);

CREATE FUNCTION ensure_ledger_partition(moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first_day timestamp := date_trunc('month', moment AT TIME ZONE 'UTC');
    partition text := 'ledger_' || to_char(first_day, 'YYYY_MM');
BEGIN
    IF to_regclass(partition) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('ledger partitions'));
        EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF ledger FOR VALUES FROM (%L) TO (%L)', partition,
                       first_day AT TIME ZONE 'UTC', (first_day + interval '1 month') AT TIME ZONE 'UTC');
    END IF;
END $$;
SELECT ensure_ledger_partition(now()), ensure_ledger_partition(now() + interval '1 month');

-- Empty text stands for "none": the columns are a key.
CREATE TABLE daily_spend (
    day                 date NOT NULL,
    key_id              text NOT NULL,
    user_id             text NOT NULL,
    team_id             text NOT NULL,
    model               text NOT NULL,
    provider            text NOT NULL,
    endpoint            text NOT NULL,
    requests            bigint NOT NULL DEFAULT 0,
    failed_requests     bigint NOT NULL DEFAULT 0,
    input_tokens        bigint NOT NULL DEFAULT 0,
    output_tokens       bigint NOT NULL DEFAULT 0,
    cached_input_tokens bigint NOT NULL DEFAULT 0,
    cache_write_tokens  bigint NOT NULL DEFAULT 0,
    reasoning_tokens    bigint NOT NULL DEFAULT 0,
    cost                numeric NOT NULL DEFAULT 0,
    duration_ms         bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (day, key_id, user_id, team_id, model, provider, endpoint)
) WITH (fillfactor = 80);
CREATE INDEX ON daily_spend (key_id, day);
CREATE INDEX ON daily_spend (user_id, day);
CREATE INDEX ON daily_spend (team_id, day);

CREATE TABLE audit_log (
    id           uuid PRIMARY KEY,
    at           timestamptz NOT NULL DEFAULT now(),
    actor        text NOT NULL,
    action       text NOT NULL,
    subject_kind text NOT NULL,
    subject_id   text NOT NULL,
    before       jsonb,
    after        jsonb,
    address      text
);
CREATE INDEX ON audit_log (at DESC, id);
CREATE INDEX ON audit_log (subject_kind, subject_id, at DESC);
"""

CHANGE_FEED = """
CREATE TABLE snapshot_version (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version   bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO snapshot_version DEFAULT VALUES;

CREATE TABLE changes (
    version  bigint NOT NULL,
    kind     text NOT NULL,
    id       text NOT NULL,
    at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (version, kind, id)
);
CREATE INDEX ON changes (at);

CREATE FUNCTION next_snapshot_version() RETURNS bigint LANGUAGE sql AS $$
    UPDATE snapshot_version SET version = version + 1 RETURNING version
$$;
"""

# Transition tables need one trigger per event, and the column that names the row differs by table.
WATCHED = {
    "budgets": "id",
    "users": "id",
    "teams": "id",
    "keys": "id",
    "accounts": "id",
    "model_groups": "id",
    "deployments": "id",
    "prices": "deployment_id",
}
EVENTS = {"INSERT": ("NEW", "after_rows"), "UPDATE": ("NEW", "after_rows"), "DELETE": ("OLD", "before_rows")}


def watch(table: str, column: str) -> str:
    """SQL that records every change to `table` in the change feed, named by `column`."""
    statements = []
    for event, (side, rows) in EVENTS.items():
        name = f"{table}_{event.lower()}_recorded"
        statements.append(f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE next_version bigint;
            BEGIN
                IF EXISTS (SELECT FROM {rows}) THEN
                    next_version := next_snapshot_version();
                    INSERT INTO changes (version, kind, id)
                        SELECT DISTINCT next_version, '{table}', {column}::text FROM {rows};
                    PERFORM pg_notify('litemaas_changes', next_version::text);
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {side} TABLE AS {rows}
                FOR EACH STATEMENT EXECUTE FUNCTION {name}();
        """)  # noqa: S608 - the names are the constants above
    return "".join(statements)


def upgrade() -> None:
    """Create everything."""
    for part in (PEOPLE, KEYS, MONEY, MODELS, LEDGER, CHANGE_FEED):
        run_script(part)
    for table, column in WATCHED.items():
        run_script(watch(table, column))
