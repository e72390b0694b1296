"""`/api/admin/budgets`: named budgets, which keys, users and teams share."""

from collections.abc import Sequence
from datetime import datetime

from litemaas.domain.budgets.entities import Budget
from litemaas.domain.budgets.errors import UnknownBudgetError
from litemaas.domain.budgets.sharing import count_sharers
from litemaas.domain.errors import InvalidInputError
from litemaas.portal.caller import Acting, ThePortal
from litemaas.portal.fields import MONEY, RATES, LimitsOrder, LimitsView, Name
from litemaas.portal.paging import Listing, Page
from litemaas.portal.permissions import Permission
from litemaas.portal.portal import Portal
from litemaas.portal.routing import needs, portal_router

router = portal_router("admin: budgets")

_NO_CONTENT = 204
_SORTABLE = ("id", "max_budget", "created_at")


class BudgetView(LimitsView):
    """A named budget, and how many share it."""

    id: str
    users_count: int
    teams_count: int
    keys_count: int
    created_at: datetime | None


class NewBudget(LimitsOrder):
    """A budget to be created."""

    id: Name | None = None


@router.get("/admin/budgets", openapi_extra=needs(Permission.BUDGETS_READ))
async def list_budgets(portal: ThePortal, listing: Listing) -> Page[BudgetView]:
    """All named budgets."""
    wanted = (listing.search or "").lower()
    budgets = [one for one in await portal.platform.accounts.read() if wanted in one.id.lower()]
    sort_by, descending = listing.order("id")
    if sort_by not in _SORTABLE:
        raise InvalidInputError(f"sort must be one of {', '.join(_SORTABLE)}.", param="sort")
    budgets.sort(key=lambda budget: (getattr(budget, sort_by) is None, getattr(budget, sort_by)), reverse=descending)
    shown = budgets[listing.offset : listing.offset + listing.page_size]
    return listing.of(await _views(portal, shown), len(budgets))


@router.post("/admin/budgets", openapi_extra=needs(Permission.BUDGETS_WRITE))
async def create_budget(portal: ThePortal, actor: Acting, body: NewBudget) -> BudgetView:
    """Create a named budget."""
    budget = await portal.platform.accounts.create(actor, budget_id=body.id, fields=body.given(*MONEY, *RATES))
    return (await _views(portal, [budget]))[0]


@router.get("/admin/budgets/{budget_id}", openapi_extra=needs(Permission.BUDGETS_READ))
async def read_budget(portal: ThePortal, budget_id: str) -> BudgetView:
    """One named budget."""
    found = await portal.platform.accounts.read([budget_id])
    if not found:
        raise UnknownBudgetError(f"There is no budget {budget_id!r}.", param="id")
    return (await _views(portal, found))[0]


@router.patch("/admin/budgets/{budget_id}", openapi_extra=needs(Permission.BUDGETS_WRITE))
async def change_budget(portal: ThePortal, actor: Acting, budget_id: str, body: LimitsOrder) -> BudgetView:
    """Change a budget for all that share it."""
    budget = await portal.platform.accounts.update(actor, budget_id, fields=body.given(*MONEY, *RATES))
    return (await _views(portal, [budget]))[0]


@router.delete("/admin/budgets/{budget_id}", status_code=_NO_CONTENT, openapi_extra=needs(Permission.BUDGETS_WRITE))
async def delete_budget(portal: ThePortal, actor: Acting, budget_id: str) -> None:
    """Delete a budget that nobody shares."""
    await portal.platform.accounts.delete(actor, budget_id)


async def _views(portal: Portal, budgets: Sequence[Budget]) -> list[BudgetView]:
    async with portal.platform.pool.acquire() as connection:
        counts = await count_sharers(connection, [one.id for one in budgets])
    return [
        BudgetView(
            **{name: getattr(one, name) for name in ("id", *MONEY, *RATES, "created_at")},
            users_count=counts[one.id]["user"],
            teams_count=counts[one.id]["team"],
            keys_count=counts[one.id]["key"],
        )
        for one in budgets
    ]
