"""`daily_spend` by whole weeks: a fifth of the rows to add up where a page asks who used one model for a month.

What is told apart by owners without further conditions has totals of its own (0004, 0005). All other questions read
`daily_spend`, whose rows of one model lie scattered over all its pages. Triggers keep the weeks equal to it, as they
keep those totals.
"""

from litemaas.migrations.script import run_script

revision = "0015"
down_revision = "0014"

SPENT_ON = "key_id, user_id, team_id, model, provider, endpoint"
SUMS = ("requests", "failed_requests", "input_tokens", "output_tokens", "cost")

TABLE = f"""
CREATE TABLE weekly_spend (
    week             date NOT NULL,  -- its Monday
    key_id           text NOT NULL,
    user_id          text NOT NULL,
    team_id          text NOT NULL,
    model            text NOT NULL,
    provider         text NOT NULL,
    endpoint         text NOT NULL,
    requests         bigint NOT NULL,
    failed_requests  bigint NOT NULL,
    input_tokens     bigint NOT NULL,
    output_tokens    bigint NOT NULL,
    cost             numeric NOT NULL,
    PRIMARY KEY (week, {SPENT_ON})
) WITH (fillfactor = 70);
CREATE INDEX ON weekly_spend (key_id, week);
CREATE INDEX ON weekly_spend (user_id, week);
CREATE INDEX ON weekly_spend (team_id, week);
CREATE INDEX ON weekly_spend (model, week);
CREATE INDEX ON daily_spend (model, day);
"""

# What an event adds: by the sign and the name of its transition tables.
EVENTS = {
    "INSERT": {"after_rows": ""},
    "UPDATE": {"after_rows": "", "before_rows": "-"},
    "DELETE": {"before_rows": "-"},
}
SIDES = {"after_rows": "NEW TABLE AS after_rows", "before_rows": "OLD TABLE AS before_rows"}


def add_up(rows: dict[str, str]) -> str:
    """SQL that adds rows to the weeks, by the name of their table and the sign that they count with.

    The order is the same for everybody, so that two who add do not wait for each other in a circle.
    """
    parts = " UNION ALL ".join(
        f"SELECT day, {SPENT_ON}, {', '.join(f'{sign}{name} AS {name}' for name in SUMS)} FROM {table}"  # noqa: S608 - constants
        for table, sign in rows.items()
    )
    sums = ", ".join(f"sum({name})" for name in SUMS)
    changes = ", ".join(f"{name} = total.{name} + EXCLUDED.{name}" for name in SUMS)
    return f"""
        INSERT INTO weekly_spend AS total (week, {SPENT_ON}, {", ".join(SUMS)})
        SELECT date_trunc('week', day)::date, {SPENT_ON}, {sums} FROM ({parts}) AS changed
        GROUP BY 1, {SPENT_ON} ORDER BY 1, {SPENT_ON}
        ON CONFLICT (week, {SPENT_ON}) DO UPDATE SET {changes};
    """  # noqa: S608 - constants


def keep_weeks(event: str, rows: dict[str, str]) -> str:
    """SQL of the trigger that follows one kind of change."""
    name = f"daily_spend_{event.lower()}_totalled_by_week"
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
        run_script(keep_weeks(event, rows))
