"""The rollups besides `daily_spend`: what it says by week, without who, and without what, and spend by label.

Triggers of the database keep the first three, the shipper the last; here is how to make them anew, should
they be wrong.
"""

from typing import NamedTuple

from litemaas.domain.spend.ledger import LABELLED, LABELS

OWNERS = ("user", "team", "key")
"""Kinds of owners that `owner_totals` has, each by the column `<kind>_id` of `daily_spend`."""

_SUMS = "sum(requests), sum(failed_requests), sum(input_tokens), sum(output_tokens), sum(cost)"
_COLUMNS = "requests, failed_requests, input_tokens, output_tokens, cost"


class DerivedRollup(NamedTuple):
    """Two statements about one day, their only parameter."""

    forget: str
    add_up: str


def _owners(first: str, last: str, days: int = 1) -> str:
    owners = ", ".join(f"('{kind}', {kind}_id)" for kind in OWNERS)
    return f"""
        INSERT INTO owner_totals (kind, days, day, id, provider, {_COLUMNS})
        SELECT kind, {days}, {first}, id, provider, {_SUMS}
        FROM daily_spend, LATERAL (VALUES {owners}) AS owner (kind, id)
        WHERE day BETWEEN {first} AND {last} GROUP BY kind, id, provider
    """  # noqa: S608 - constants


_WEEK = "date_trunc('week', $1::date)::date"

DERIVED_ROLLUPS = (
    DerivedRollup(
        f"DELETE FROM weekly_spend WHERE week = {_WEEK}",  # noqa: S608 - constants
        f"""
        INSERT INTO weekly_spend (week, key_id, user_id, team_id, model, provider, endpoint, {_COLUMNS})
        SELECT {_WEEK}, key_id, user_id, team_id, model, provider, endpoint, {_SUMS}
        FROM daily_spend WHERE day BETWEEN {_WEEK} AND {_WEEK} + 6 GROUP BY 1, 2, 3, 4, 5, 6, 7
        """,  # noqa: S608 - constants
    ),
    DerivedRollup(
        "DELETE FROM daily_totals WHERE day = $1",
        f"""
        INSERT INTO daily_totals (day, model, provider, endpoint, {_COLUMNS})
        SELECT day, model, provider, endpoint, {_SUMS} FROM daily_spend WHERE day = $1 GROUP BY 1, 2, 3, 4
        """,  # noqa: S608 - constants
    ),
    DerivedRollup(
        "DELETE FROM owner_totals WHERE days = 1 AND day = $1",
        _owners("$1", "$1::date"),
    ),
    DerivedRollup(
        f"DELETE FROM owner_totals WHERE days = 7 AND day = {_WEEK}",  # noqa: S608 - constants
        _owners(_WEEK, f"{_WEEK} + 6", days=7),
    ),
    DerivedRollup(
        "DELETE FROM daily_label_spend WHERE day = $1",
        f"""
        INSERT INTO daily_label_spend {LABELLED}
        FROM ledger, {LABELS}
        WHERE started_at >= $1::date::timestamp AT TIME ZONE 'UTC'
          AND started_at < ($1::date + 1)::timestamp AT TIME ZONE 'UTC'
        GROUP BY 1, 2, 3
        """,
    ),
)
