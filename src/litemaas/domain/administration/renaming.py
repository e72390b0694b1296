"""A model's new name in everything that names it: grants and limits go along, so that nobody loses one."""

from litemaas.storage.postgres import Connection

# An account is called 'key:<uuid>/model:<name>': the uuid ends at character 40.
_GRANTS = "UPDATE {table} SET models = array_replace(models, $1, $2) WHERE $1 = ANY(models)"
_RATES = """
UPDATE keys SET {column} = ({column} - $1) || jsonb_build_object($2::text, {column} -> $1) WHERE {column} ? $1
"""
_SUCCESSORS = "UPDATE model_groups SET successor = $2 WHERE successor = $1"
_STAND_INS = """
UPDATE model_groups SET routing = jsonb_set(routing, ARRAY[$3::text], (
    SELECT jsonb_agg(CASE WHEN one = $1 THEN $2::text ELSE one END ORDER BY place)
    FROM jsonb_array_elements_text(routing -> $3) WITH ORDINALITY AS listed (one, place)
))
WHERE routing -> $3 ? $1
"""
_GUARDRAILS = """
UPDATE guardrails SET bindings = (
    SELECT jsonb_agg(CASE WHEN one = old THEN old || jsonb_build_object('id', $2::text) ELSE one END)
    FROM jsonb_array_elements(bindings) one
)
FROM jsonb_build_object('holder', 'model', 'id', $1::text) old
WHERE bindings @> jsonb_build_array(old)
"""
_ACCOUNTS = """
WITH renamed AS (
    SELECT id, left(id, 40) || '/model:' || $2 AS new_id FROM accounts
    WHERE id LIKE 'key:%' AND substr(id, 41) = '/model:' || $1
), opened AS (
    INSERT INTO accounts (id, budget_id, max_budget, soft_budget, budget_duration)
    SELECT new_id, budget_id, max_budget, soft_budget, budget_duration FROM accounts JOIN renamed USING (id)
    ON CONFLICT DO NOTHING
)
INSERT INTO balances (account_id, window_start, spent, total_spent)
SELECT new_id, window_start, spent, total_spent FROM balances JOIN renamed ON account_id = id
ON CONFLICT DO NOTHING
"""
_CLOSE_ACCOUNTS = "DELETE FROM accounts WHERE id LIKE 'key:%' AND substr(id, 41) = '/model:' || $1"


async def carry_name(connection: Connection, old: str, new: str) -> None:
    """Let whatever names the model `old` name it `new`, within the caller's transaction."""
    for table in ("keys", "users", "teams"):
        await connection.execute(_GRANTS.format(table=table), old, new)
    for column in ("model_rpm_limit", "model_tpm_limit"):
        await connection.execute(_RATES.format(column=column), old, new)
    await connection.execute(_SUCCESSORS, old, new)
    for field in ("fallbacks", "context_window_fallbacks"):
        await connection.execute(_STAND_INS, old, new, field)
    await connection.execute(_GUARDRAILS, old, new)
    await connection.execute(_ACCOUNTS, old, new)
    await connection.execute(_CLOSE_ACCOUNTS, old)
