"""The rollups besides `daily_spend`: what it says without who, what it says without what, and spend by label.

Triggers of the database keep the first two, the shipper the last; here is how to make them anew, should they be wrong.
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
        INSERT INTO owner_totals (kind, days, day, id, {_COLUMNS})
        SELECT kind, {days}, {first}, id, {_SUMS} FROM daily_spend, LATERAL (VALUES {owners}) AS owner (kind, id)
        WHERE day BETWEEN {first} AND {last} GROUP BY kind, id
    """  # noqa: S608 - constants


DERIVED_ROLLUPS = (
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
        "DELETE FROM owner_totals WHERE days = 7 AND day = date_trunc('week', $1::date)::date",
        _owners("date_trunc('week', $1::date)::date", "date_trunc('week', $1::date)::date + 6", days=7),
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
