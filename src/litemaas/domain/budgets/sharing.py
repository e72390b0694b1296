"""SQL of who shares a named budget."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from litemaas.storage.postgres import Connection


async def count_sharers(connection: Connection, budget_ids: Sequence[str]) -> Mapping[str, Counter[str]]:
    """How many keys, users and teams named budgets limit: by budget, then by `key`, `user` or `team`."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in await connection.fetch(
        "SELECT budget_id, split_part(id, ':', 1) AS kind, count(*) AS count FROM accounts"
        " WHERE budget_id = ANY($1) GROUP BY 1, 2",
        budget_ids,
    ):
        counts[row["budget_id"]][row["kind"]] = row["count"]
    return counts
