"""The rollups that are derived from `daily_spend`: what it says without who, and what it says without what.

Triggers of the database keep them; here is how to read them anew, should they ever be wrong.
"""

from typing import NamedTuple

OWNERS = ("user", "team", "key")
"""Kinds of owners that `daily_owner_totals` has, each by the column `<kind>_id` of `daily_spend`."""

_SUMS = "sum(requests), sum(failed_requests), sum(input_tokens), sum(output_tokens), sum(cost)"
_COLUMNS = "requests, failed_requests, input_tokens, output_tokens, cost"


class DerivedRollup(NamedTuple):
    """Two statements about one day, their only parameter."""

    forget: str
    add_up: str


DERIVED_ROLLUPS = (
    DerivedRollup(
        "DELETE FROM daily_totals WHERE day = $1",
        f"""
        INSERT INTO daily_totals (day, model, provider, endpoint, {_COLUMNS})
        SELECT day, model, provider, endpoint, {_SUMS} FROM daily_spend WHERE day = $1 GROUP BY 1, 2, 3, 4
        """,  # noqa: S608 - constants
    ),
    DerivedRollup(
        "DELETE FROM daily_owner_totals WHERE day = $1",
        f"""
        INSERT INTO daily_owner_totals (day, kind, id, {_COLUMNS})
        SELECT day, kind, id, {_SUMS}
        FROM daily_spend, LATERAL (VALUES {", ".join(f"('{kind}', {kind}_id)" for kind in OWNERS)}) AS owner (kind, id)
        WHERE day = $1 GROUP BY 1, 2, 3
        """,  # noqa: S608 - constants
    ),
)
