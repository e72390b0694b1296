"""LiteLLM's budgets and what was spent of them, as accounts and balances of ours."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from litemaas.domain.budgets.periods import parse_duration, window_start
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.moving.entities import Row
from litemaas.domain.moving.litellm.findings import Findings
from litemaas.domain.moving.litellm.holdings import Holdings
from litemaas.domain.moving.litellm.losses import BUDGET, tell_losses

_LIMITS = ("max_budget", "soft_budget", "budget_duration")
_RATES = ("rpm_limit", "tpm_limit", "max_parallel_requests")


def rates_of(row: Row) -> Row:
    """The limits per minute and at a time of a key, user, team or budget."""
    return {name: row.get(name) for name in _RATES}


def read_budgets(holdings: Holdings, findings: Findings, rows: Iterable[Row]) -> dict[str, Row]:
    """Read shared budgets.

    Returns:
        Those that could be read, as LiteLLM has them, by id.
    """
    by_id = {}
    for row in rows:
        budget_id = row["budget_id"]
        try:
            holdings.add("budgets", {"id": budget_id, **_limits(row), **rates_of(row)})
        except InvalidInputError as error:
            findings.refused("budget", budget_id, error.message)
            continue
        tell_losses(findings, "budget", budget_id, row, BUDGET)
        by_id[budget_id] = row
    return by_id


class Treasury:
    """Opens accounts with what LiteLLM says was spent of them."""

    def __init__(self, holdings: Holdings, budgets: Mapping[str, Row], moment: datetime) -> None:
        self._holdings = holdings
        self._budgets = budgets
        self._moment = moment

    def open(self, account_id: str, row: Row) -> None:
        """Open the account of a key, user or team.

        What was spent in a window that is over there counts no more; spend in the current one goes on counting.

        Raises:
            InvalidInputError: The duration is none that we know, or the shared budget was refused.
        """
        budget = self._budgets.get(row.get("budget_id") or "", {})
        if row.get("budget_id") and not budget:
            raise InvalidInputError(f"Its budget {row['budget_id']} is not here; without it there would be no limit.")
        limits = _limits(row)
        duration = limits["budget_duration"] or budget.get("budget_duration")
        resets_at = row.get("budget_reset_at") or budget.get("budget_reset_at")
        spend = row.get("spend") or 0.0
        is_over = resets_at is not None and utc(resets_at) <= self._moment
        start = window_start(duration, self._moment)
        self._holdings.add("accounts", {"id": account_id, "budget_id": budget.get("budget_id"), **limits})
        self._holdings.add(
            "balances",
            {
                "account_id": account_id,
                "window_start": start,
                "spent": 0.0 if is_over else spend,
                "total_spent": max(spend, row.get("total_spend") or 0.0),
            },
        )

    def open_for_models(self, account_id: str, budgets: Mapping[str, Any], days: Iterable[Row]) -> dict[str, Row]:
        """Open the accounts of a key's use of single models.

        Args:
            account_id: The key's.
            budgets: `model_max_budget`: by model an amount, or a table.
            days: Daily spend of the key.

        Returns:
            The tables, by model, where there are tables: they may hold limits per minute as well.

        Raises:
            InvalidInputError: A duration is none that we know.
        """
        tables = {}
        for model, given in budgets.items():
            table = tables[model] = given if isinstance(given, dict) else {"max_budget": given}
            amount = table.get("budget_limit") if table.get("max_budget") is None else table.get("max_budget")
            if amount is None:
                continue
            duration = table.get("budget_duration") or table.get("time_period")
            start = window_start(duration, self._moment)
            spent = _spent_since(start, (day for day in days if model in (day.get("model_group"), day.get("model"))))
            model_account = f"{account_id}/model:{model}"
            self._holdings.add(
                "accounts", {"id": model_account, "max_budget": float(amount), "budget_duration": duration}
            )
            balance = {"window_start": start, "spent": spent, "total_spent": spent}
            self._holdings.add("balances", {"account_id": model_account, **balance})
        return tables


def utc(moment: datetime) -> datetime:
    """Prisma's timestamps carry no zone and are UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _limits(row: Row) -> Row:
    limits = {name: row.get(name) for name in _LIMITS}
    limits["budget_duration"] = limits["budget_duration"] or None
    if limits["budget_duration"]:
        parse_duration(limits["budget_duration"])
    return limits


def _spent_since(start: datetime, days: Iterable[Row]) -> float:
    """What whole days since `start` cost; LiteLLM stores nothing finer, so a window within a day begins at nothing."""
    if start.timetz() != time(tzinfo=UTC):
        return 0.0
    return float(sum(day["spend"] for day in days if date.fromisoformat(day["date"]) >= start.date()))
