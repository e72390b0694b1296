"""LiteLLM's database as a bundle: models, budgets, users, teams, keys, what was spent, and the settings in it."""

import json
from collections import defaultdict
from datetime import UTC, datetime

from litemaas.domain.errors import InvalidInputError
from litemaas.domain.moving.entities import Bundle, Row
from litemaas.domain.moving.errors import WrongSecretError
from litemaas.domain.moving.foreign import read_table, require_table
from litemaas.domain.moving.litellm.environment import Environment
from litemaas.domain.moving.litellm.findings import Findings
from litemaas.domain.moving.litellm.holders import HolderReader
from litemaas.domain.moving.litellm.holdings import Holdings
from litemaas.domain.moving.litellm.keys import KeyReader, live_rotations
from litemaas.domain.moving.litellm.losses import MEMBERSHIP, tell_losses
from litemaas.domain.moving.litellm.models import read_model, with_credential
from litemaas.domain.moving.litellm.money import Treasury, read_budgets
from litemaas.domain.moving.litellm.sealed import Unsealer
from litemaas.domain.moving.litellm.settings import read_settings
from litemaas.domain.moving.litellm.spend import read_spend
from litemaas.storage.postgres import Connection

_TABLES_IN_ROWS = ("metadata", "aliases", "model_max_budget")

REPLACES = frozenset({"daily_spend"})
"""Daily spend that we imported grows until the source stops."""


async def read_database(connection: Connection, unsealer: Unsealer, environment: Environment) -> Bundle:
    """Read the database of a LiteLLM, 1.81 or later.

    Args:
        connection: To it, in a transaction.
        unsealer: Opens the secrets of providers.
        environment: What `os.environ/NAME` means.

    Raises:
        UnreadableSourceError: It is not LiteLLM's.
    """
    holdings, findings = Holdings(), Findings()
    await read_into(holdings, findings, connection, unsealer, environment)
    return Bundle(
        source="litellm database",
        chunks=list(holdings.chunks()),
        findings=findings,
        replaces=REPLACES,
        wants_list_prices=True,
    )


async def read_into(
    holdings: Holdings, findings: Findings, connection: Connection, unsealer: Unsealer, environment: Environment
) -> None:
    """Add everything of LiteLLM's database to `holdings`.

    Raises:
        UnreadableSourceError: It is not LiteLLM's.
    """
    await require_table(connection, "LiteLLM_VerificationToken", "LiteLLM")
    await _read_models(holdings, findings, connection, unsealer, environment)
    budgets = read_budgets(holdings, findings, await read_table(connection, "LiteLLM_BudgetTable"))
    moment = datetime.now(UTC)
    treasury = Treasury(holdings, budgets, moment)
    holders = HolderReader(holdings, findings, treasury)
    for row in await _read_holders(connection, "LiteLLM_UserTable"):
        holders.read_user(row)
    aliases = {row["id"]: _decoded(row["aliases"]) for row in await read_table(connection, "LiteLLM_ModelTable")}
    for row in await _read_holders(connection, "LiteLLM_TeamTable"):
        holders.read_team(row, aliases.get(row.get("model_id"), {}))
    for row in await read_table(connection, "LiteLLM_TeamMembership"):
        tell_losses(findings, "membership", f"{row['user_id']} in {row['team_id']}", row, MEMBERSHIP)
    await _read_keys(holdings, findings, connection, treasury, moment)
    named = [row["user_id"] for table in ("keys", "team_members") for row in holdings.rows[table] if row["user_id"]]
    holders.add_missing_users(named)


async def _read_models(
    holdings: Holdings, findings: Findings, connection: Connection, unsealer: Unsealer, environment: Environment
) -> None:
    settings = {
        row["param_name"]: _decoded(row["param_value"]) for row in await read_table(connection, "LiteLLM_Config")
    }
    try:
        stored = await read_table(connection, "LiteLLM_CredentialsTable")
        credentials = {row["credential_name"]: unsealer.open_all(_decoded(row["credential_values"])) for row in stored}
        environment = environment.with_variables(unsealer.open_all(settings.get("environment_variables", {})))
    except WrongSecretError as error:
        findings.refused("setting", "credentials and environment variables", error.message)
        credentials = {}
    for row in await read_table(connection, "LiteLLM_ProxyModelTable"):
        name = row["model_name"]
        try:
            params = with_credential(unsealer.open_all(_decoded(row["litellm_params"])), credentials)
            params = environment.resolve(params)
        except InvalidInputError as error:
            findings.refused("model", name, error.message)
            continue
        if row.get("blocked"):
            findings.refused("model", name, "It is blocked.")
            continue
        info = _decoded(row["model_info"])
        read_model(holdings, findings, name=name, params=params, info=info, deployment_id=row["model_id"])
    read_settings(holdings, findings, settings)


async def _read_keys(
    holdings: Holdings, findings: Findings, connection: Connection, treasury: Treasury, moment: datetime
) -> None:
    days = await read_table(connection, "LiteLLM_DailyUserSpend")
    by_key: dict[str, list[Row]] = defaultdict(list)
    for day in days:
        by_key[day["api_key"]].append(day)
    rotations = live_rotations(await read_table(connection, "LiteLLM_DeprecatedVerificationToken"), moment)
    groups = await read_table(connection, "LiteLLM_AccessGroupTable")
    access_groups = {row["access_group_id"]: row["access_model_names"] or [] for row in groups}
    reader = KeyReader(holdings, findings, treasury, rotations, access_groups)
    for row in await _read_holders(connection, "LiteLLM_VerificationToken"):
        reader.read(row, by_key[row["token"]])
    read_spend(holdings, days, {row["key_hash"]: row for row in holdings.rows["keys"]})


async def _read_holders(connection: Connection, table: str) -> list[Row]:
    """Keys, users or teams, with their JSON columns as tables."""
    rows = await read_table(connection, table)
    return [
        {name: _decoded(value) if name in _TABLES_IN_ROWS else value for name, value in row.items()} for row in rows
    ]


def _decoded(value: object) -> Row:
    """A JSON object, also one that was stored as text of one."""
    decoded = json.loads(value) if isinstance(value, str) else value
    return dict(decoded) if isinstance(decoded, dict) else {}
