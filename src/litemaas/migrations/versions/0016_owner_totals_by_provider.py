"""Totals of owners tell providers apart, so that "who used how much of this provider?" does not read every call's day.

Most people use models of one provider or two, so that the table has hardly more rows than before.
"""

from litemaas.migrations.script import run_script

revision = "0016"
down_revision = "0015"

KEY = "kind, days, day, id, provider"
SUMS = ("requests", "failed_requests", "input_tokens", "output_tokens", "cost")
OWNERS = "(VALUES ('user', user_id), ('team', team_id), ('key', key_id)) AS owner (kind, id)"
SPANS = "(VALUES (1, changed_on), (7, date_trunc('week', changed_on)::date)) AS span (days, day)"

TABLE = """
DROP TABLE owner_totals;
CREATE TABLE owner_totals (
    kind             text NOT NULL CHECK (kind IN ('user', 'team', 'key')),
    days             smallint NOT NULL CHECK (days IN (1, 7)),
    day              date NOT NULL,  -- the first; a week begins on Monday
    id               text NOT NULL,  -- empty: the usage that belongs to none
    provider         text NOT NULL,
    requests         bigint NOT NULL,
    failed_requests  bigint NOT NULL,
    input_tokens     bigint NOT NULL,
    output_tokens    bigint NOT NULL,
    cost             numeric NOT NULL,
    PRIMARY KEY (kind, days, day, id, provider)
) WITH (fillfactor = 70);
"""

# What an event adds: by the sign and the name of its transition tables.
EVENTS = {
    "INSERT": {"after_rows": ""},
    "UPDATE": {"after_rows": "", "before_rows": "-"},
    "DELETE": {"before_rows": "-"},
}


def add_up(rows: dict[str, str]) -> str:
    """SQL that adds rows to the totals, by the name of their table and the sign that they count with.

    The order is the same for everybody, so that two who add do not wait for each other in a circle.
    """
    parts = " UNION ALL ".join(
        "SELECT day AS changed_on, user_id, team_id, key_id, provider, "  # noqa: S608 - constants
        f"{', '.join(f'{sign}{name} AS {name}' for name in SUMS)} FROM {table}"
        for table, sign in rows.items()
    )
    sums = ", ".join(f"sum({name})" for name in SUMS)
    changes = ", ".join(f"{name} = total.{name} + EXCLUDED.{name}" for name in SUMS)
    return f"""
        INSERT INTO owner_totals AS total ({KEY}, {", ".join(SUMS)})
        SELECT {KEY}, {sums} FROM ({parts}) AS changed, LATERAL {OWNERS}, LATERAL {SPANS} GROUP BY {KEY} ORDER BY {KEY}
        ON CONFLICT ({KEY}) DO UPDATE SET {changes};
    """  # noqa: S608 - constants


def keep_totals(event: str, rows: dict[str, str]) -> str:
    """SQL of the function that the trigger of 0005 calls for one kind of change."""
    name = f"daily_spend_{event.lower()}_totalled_by_owner"
    return f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {add_up(rows)}
            RETURN NULL;
        END $$;
    """


def upgrade() -> None:
    """Make the table anew from what is there, and keep it."""
    run_script("LOCK TABLE daily_spend IN SHARE ROW EXCLUSIVE MODE")
    run_script(TABLE)
    run_script(add_up({"daily_spend": ""}))
    for event, rows in EVENTS.items():
        run_script(keep_totals(event, rows))
