"""What a batch can cost at most: none begins that its budgets could not pay beside those that are not over."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from litemaas.domain.budgets.entities import accounts_of
from litemaas.domain.rights import Permit
from litemaas.gateway.calls.gateway import Gateway

MOST_COST = "most_cost"


def most_cost_of(circumstances: Mapping[str, Any] | None) -> Decimal:
    """Dollars that a batch, or the batch of a file, can cost; 0 if that was not written down."""
    return Decimal((circumstances or {}).get(MOST_COST, 0))


async def check_affordable(gateway: Gateway, permit: Permit, most_cost: Decimal) -> None:
    """Raise if there is not so much money left beside what batches that are not over may still cost.

    Raises:
        InsufficientBudgetError, BudgetUnavailableError: There is not, or nobody can tell.
    """
    set_aside = _by_account(await gateway.objects.running())
    amounts = {lease.account_id: most_cost + set_aside[lease.account_id] for lease in permit.leases}
    await gateway.admissions.check_affordable(permit, amounts)


def _by_account(running: Iterable[Mapping[str, Any]]) -> defaultdict[str, Decimal]:
    amounts: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in running:
        for account in accounts_of(one.get("key_id"), one.get("user_id"), one.get("team_id"), one["model"]):
            amounts[account] += most_cost_of(one)
    return amounts
