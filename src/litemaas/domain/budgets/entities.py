"""What a budget is, and the account that it limits."""

from datetime import UTC, datetime
from decimal import Decimal

from msgspec import Struct

LIFETIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Start of the window of a limit without a period."""


class Budget(Struct, frozen=True, kw_only=True):
    """A named set of limits that many keys, users and teams may share; each spends on an account of its own."""

    id: str
    max_budget: Decimal | None = None
    soft_budget: Decimal | None = None
    budget_duration: str | None = None
    rpm_limit: int | None = None
    tpm_limit: int | None = None
    max_parallel_requests: int | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None


class Account(Struct, frozen=True):
    """The limit of one key, user, team, of a key's use of one model, or of everything; the shared budget filled in.

    Attributes:
        max_budget: US dollars in a window; None: no limit.
        budget_duration: Length of the window, e.g. `30d`; None: for life.
    """

    id: str
    budget_id: str | None = None
    max_budget: Decimal | None = None
    soft_budget: Decimal | None = None
    budget_duration: str | None = None


class Limits(Struct, frozen=True, kw_only=True):
    """An account's own limits; what is None comes from the shared budget, if one is named."""

    budget_id: str | None = None
    max_budget: Decimal | None = None
    soft_budget: Decimal | None = None
    budget_duration: str | None = None


class Standing(Struct, frozen=True, kw_only=True):
    """How an account stands at a moment.

    Attributes:
        account: The limits in force.
        own: The limits without those of the shared budget.
        spent: US dollars in the current window.
        total_spent: US dollars since the account exists.
        resets_at: End of the current window; None: never.
    """

    account: Account
    own: Limits
    spent: Decimal = Decimal(0)
    total_spent: Decimal = Decimal(0)
    resets_at: datetime | None = None


GLOBAL_ACCOUNT = "global"


def key_account(key_id: object) -> str:
    """The account of a key."""
    return f"key:{key_id}"


def key_model_account(key_id: object, model: str) -> str:
    """The account of a key's use of one model."""
    return f"key:{key_id}/model:{model}"


def user_account(user_id: str) -> str:
    """The account of a user."""
    return f"user:{user_id}"


def team_account(team_id: str) -> str:
    """The account of a team."""
    return f"team:{team_id}"


def accounts_of(key_id: object | None, user_id: str | None, team_id: str | None, model: str, /) -> list[str]:
    """The accounts that a call counts against, whether they have a limit or not."""
    accounts = [GLOBAL_ACCOUNT]
    if key_id:
        accounts += [key_account(key_id), key_model_account(key_id, model)]
    if user_id:
        accounts.append(user_account(user_id))
    if team_id:
        accounts.append(team_account(team_id))
    return accounts


def whose_account(account_id: str) -> str:
    """An account as a caller knows it, whose key it limits."""
    kind, _, name = account_id.partition(":")
    if kind == "key":
        model = name.partition("/model:")[2]
        return f"this key's use of {model}" if model else "this key"
    return {"user": "this key's user", "team": "this key's team"}.get(kind, "all keys together")
