"""Issues thousands of keys and adds hundreds of models at once, by SQL.

`many_keys.py DATA_DIR COUNT` tells where `litemaas up` runs, and how many keys there are to be.
"""

import asyncio
import sys
from pathlib import Path

import asyncpg

_PEOPLE = 2000
_MODELS = 250
_SERVE = """
WITH added AS (
    INSERT INTO model_groups (id, name)
    SELECT gen_random_uuid(), 'model ' || lpad(n::text, 3, '0') FROM generate_series(1, $1::int) n RETURNING id
)
INSERT INTO deployments (id, group_id, provider, upstream_model, api_base)
SELECT id, id, 'openai', 'm', 'http://127.0.0.1:9/v1' FROM added
"""
_INVITE = (
    "INSERT INTO users (id, models) SELECT 'person-' || n, '{all-proxy-models}' FROM generate_series(0, $1::int - 1) n"
)
_ISSUE = """
WITH issued AS (
    INSERT INTO keys (id, key_hash, key_hint, alias, user_id, models, created_at)
    SELECT gen_random_uuid(), encode(sha256(('key ' || n)::bytea), 'hex'), lpad(n::text, 4, '0'), 'application ' || n,
           'person-' || n % $2::int, '{all-proxy-models}', now() - n * interval '1 minute'
    FROM generate_series(1, $1::int) n
    RETURNING id
), limited AS (
    INSERT INTO accounts (id, max_budget, budget_duration) SELECT 'key:' || id, 25, '30d' FROM issued RETURNING id
)
INSERT INTO balances (account_id) SELECT id FROM limited
"""


async def main(data_dir: Path, count: int) -> None:
    """Write the models, and the keys, each with a budget."""
    postgres = data_dir / "postgres"
    connection = await asyncpg.connect(
        host="127.0.0.1",
        port=int((postgres / "port").read_text()),
        user="litemaas",
        password=(postgres / "password").read_text().strip(),
        database="litemaas",
    )
    await connection.execute(_SERVE, _MODELS)
    await connection.execute(_INVITE, _PEOPLE)
    await connection.execute(_ISSUE, count, _PEOPLE)
    await connection.execute("ANALYZE")
    await connection.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
