"""`/budget/*`: limits that many keys, users and teams share by name."""

from typing import Any, ClassVar

from fastapi import APIRouter, Response
from pydantic import Field

from litemaas.domain.budgets.entities import Budget
from litemaas.domain.budgets.errors import UnknownBudgetError
from litemaas.gateway.management import unsupported
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, Administrator, AnyPlatform
from litemaas.gateway.management.fields import (
    MONEY_FIELDS,
    RATE_FIELDS,
    LimitFields,
    ManagementRequest,
    Name,
    OptionalText,
)
from litemaas.gateway.management.rendering import render
from litemaas.gateway.management.routing import ManagementRoute

router = APIRouter(tags=["budgets"], route_class=ManagementRoute)

_FIELDS = {**MONEY_FIELDS, **RATE_FIELDS}
_TYPES = {"max_budget": "Float", "soft_budget": "Float", "budget_duration": "String"}


class NewBudget(LimitFields):
    """Body of `/budget/new`."""

    unsupported: ClassVar = unsupported.BUDGET

    budget_id: OptionalText = None


class UpdateBudget(LimitFields):
    """Body of `/budget/update`: a merge patch; absent keeps, null clears."""

    unsupported: ClassVar = unsupported.BUDGET

    budget_id: Name


class NameBudget(ManagementRequest):
    """Body of `/budget/delete`."""

    id: Name


class NameBudgets(ManagementRequest):
    """Body of `/budget/info`."""

    budgets: list[Name] = Field(default_factory=list)


@router.post("/budget/new")
async def new_budget(platform: AnyPlatform, actor: Administrator, body: NewBudget) -> Response:
    """Create a budget."""
    return render(_row(await platform.accounts.create(actor, budget_id=body.budget_id, fields=body.given(_FIELDS))))


@router.post("/budget/update")
async def update_budget(platform: AnyPlatform, actor: Administrator, body: UpdateBudget) -> Response:
    """Change a budget for all that share it; absent fields stay, null clears."""
    return render(_row(await platform.accounts.update(actor, body.budget_id, fields=body.given(_FIELDS))))


@router.post("/budget/delete")
async def delete_budget(platform: AnyPlatform, actor: Administrator, body: NameBudget) -> Response:
    """Delete a budget that nobody shares."""
    return render(_row(await platform.accounts.delete(actor, body.id)))


@router.post("/budget/info", dependencies=ADMINISTRATORS_ONLY)
async def budget_info(platform: AnyPlatform, body: NameBudgets) -> Response:
    """Several budgets; those that are not there are left out."""
    return render([_row(budget) for budget in await platform.accounts.read(body.budgets)])


@router.get("/budget/list", dependencies=ADMINISTRATORS_ONLY)
async def list_budgets(platform: AnyPlatform) -> Response:
    """All budgets."""
    return render([_row(budget) for budget in await platform.accounts.read()])


@router.get("/budget/settings", dependencies=ADMINISTRATORS_ONLY)
async def budget_settings(platform: AnyPlatform, budget_id: str) -> Response:
    """The fields of a budget, each with its meaning and value."""
    found = await platform.accounts.read([budget_id])
    if not found:
        raise UnknownBudgetError(f"There is no budget {budget_id!r}.", param="budget_id")
    row = _row(found[0])
    return render(
        [
            {
                "field_name": name,
                "field_type": _TYPES.get(name, "Integer"),
                "field_description": LimitFields.model_fields[name].description or "",
                "field_value": row[name],
                "stored_in_db": row[name] is not None,
                "field_default_value": None,
            }
            for name in _FIELDS
        ]
    )


def _row(budget: Budget) -> dict[str, Any]:
    return {
        "budget_id": budget.id,
        **{name: getattr(budget, name) for name in _FIELDS},
        "created_at": budget.created_at,
        "created_by": budget.created_by,
        "updated_at": budget.updated_at,
        "updated_by": budget.updated_by,
    }
