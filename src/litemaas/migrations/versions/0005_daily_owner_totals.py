"""Daily totals of each user, team and key: what `daily_spend` says, without what they called.

"Who used how much?" over a month reads hundreds of thousands of rows of `daily_spend` where people call several models
with several keys; here it is one row for each of them and day. Triggers keep the totals equal to `daily_spend`, as they
keep `daily_totals` (0004). That costs about 20 µs of the database for a record whose owners no other of its batch has.
"""

from litemaas.migrations.script import run_script

revision = "0005"
down_revision = "0004"

KEY = "kind, day, id"
SUMS = ("requests", "failed_requests", "input_tokens", "output_tokens", "cost")
OWNERS = "(VALUES ('user', user_id), ('team', team_id), ('key', key_id)) AS owner (kind, id)"

TABLE = """
CREATE TABLE daily_owner_totals (
    day              date NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('user', 'team', 'key')),
    id               text NOT NULL,  -- empty: the usage that belongs to none
    requests         bigint NOT NULL,
    failed_requests  bigint NOT NULL,
    input_tokens     bigint NOT NULL,
    output_tokens    bigint NOT NULL,
    cost             numeric NOT NULL,
    PRIMARY KEY (kind, day, id)
) WITH (fillfactor = 70);
"""

# What an event adds: by the sign and the name of its transition tables.
EVENTS = {
    "INSERT": {"after_rows": ""},
    "UPDATE": {"after_rows": "", "before_rows": "-"},
    "DELETE": {"before_rows": "-"},
}
SIDES = {"after_rows": "NEW TABLE AS after_rows", "before_rows": "OLD TABLE AS before_rows"}


def add_up(rows: dict[str, str]) -> str:
    """SQL that adds rows to the totals, by the name of their table and the sign that they count with.

    The order is the same for everybody, so that two who add do not wait for each other in a circle.
    """
    parts = " UNION ALL ".join(
        f"SELECT day, user_id, team_id, key_id, {', '.join(f'{sign}{name} AS {name}' for name in SUMS)} FROM {table}"  # noqa: S608 - constants
        for table, sign in rows.items()
    )
    sums = ", ".join(f"sum({name})" for name in SUMS)
    changes = ", ".join(f"{name} = total.{name} + EXCLUDED.{name}" for name in SUMS)
    return f"""
        INSERT INTO daily_owner_totals AS total ({KEY}, {", ".join(SUMS)})
        SELECT {KEY}, {sums} FROM ({parts}) AS changed, LATERAL {OWNERS} GROUP BY {KEY} ORDER BY {KEY}
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
