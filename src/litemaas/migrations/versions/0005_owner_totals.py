"""Totals of each user, team and key, by day and by week: what `daily_spend` says, without what they called.

"Who used how much?" over a month reads hundreds of thousands of rows of `daily_spend` where people call several models
with several keys; here it is one row for each of them and day, and where a whole week is asked for one for seven days.
Triggers keep the totals equal to `daily_spend`, as they keep `daily_totals` (0004).
"""

from litemaas.migrations.script import run_script

revision = "0005"
down_revision = "0004"

KEY = "kind, days, day, id"
SUMS = ("requests", "failed_requests", "input_tokens", "output_tokens", "cost")
OWNERS = "(VALUES ('user', user_id), ('team', team_id), ('key', key_id)) AS owner (kind, id)"
SPANS = "(VALUES (1, changed_on), (7, date_trunc('week', changed_on)::date)) AS span (days, day)"

TABLE = """
CREATE TABLE owner_totals (
    kind             text NOT NULL CHECK (kind IN ('user', 'team', 'key')),
    days             smallint NOT NULL CHECK (days IN (1, 7)),
    day              date NOT NULL,  -- the first; a week begins on Monday
    id               text NOT NULL,  -- empty: the usage that belongs to none
    requests         bigint NOT NULL,
    failed_requests  bigint NOT NULL,
    input_tokens     bigint NOT NULL,
    output_tokens    bigint NOT NULL,
    cost             numeric NOT NULL,
    PRIMARY KEY (kind, days, day, id)
) WITH (fillfactor = 70);
"""

# What an event adds: by the sign and the name of its transition tables.
EVENTS = {
    "INSERT": {"after_rows": ""},
    "UPDATE": {"after_rows": "", "before_rows": "-"},
    "DELETE": {"before_rows": "-"},
}
SIDES = {"after_rows": "NEW TABLE AS after_rows", "before_rows": "OLD TABLE AS before_rows"}


def signed(sign: str) -> str:
    """The sums, each with `sign` before it."""
    return ", ".join(f"{sign}{name} AS {name}" for name in SUMS)


def add_up(rows: dict[str, str]) -> str:
    """SQL that adds rows to the totals, by the name of their table and the sign that they count with.

    The order is the same for everybody, so that two who add do not wait for each other in a circle.
    """
    parts = " UNION ALL ".join(
        f"SELECT day AS changed_on, user_id, team_id, key_id, {signed(sign)} FROM {table}"  # noqa: S608 - constants
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
    """SQL of the trigger that follows one kind of change."""
    name = f"daily_spend_{event.lower()}_totalled_by_owner"
    return f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {add_up(rows)}
            RETURN NULL;
        END $$;
        CREATE TRIGGER {name} AFTER {event} ON daily_spend REFERENCING {" ".join(SIDES[one] for one in rows)}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}();
    """


def upgrade() -> None:
    """Create the table, fill it from what is there, and keep it."""
    run_script("LOCK TABLE daily_spend IN SHARE ROW EXCLUSIVE MODE")
    run_script(TABLE)
    run_script(add_up({"daily_spend": ""}))
    for event, rows in EVENTS.items():
        run_script(keep_totals(event, rows))
