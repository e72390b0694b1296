"""The days of one model in one team by an index: a year of a team's trend by model read all that the team ever used.

Everything else that is asked of one team, or of one model, has totals of its own (0004, 0005, 0015).
"""

from litemaas.migrations.script import run_script

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the index."""
    run_script("CREATE INDEX ON daily_spend (team_id, model, day);")
