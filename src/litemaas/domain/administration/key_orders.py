"""What an administrator says about a key to be issued or changed."""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import UNSET, Struct, UnsetType

from litemaas.domain.administration.patches import Patch
from litemaas.domain.budgets.accounts import check_limits
from litemaas.domain.budgets.entities import Limits, Standing
from litemaas.domain.keys.entities import Key

NEVER = "-1"
"""As a duration: the key does not expire."""


class KeyOrder(Struct, frozen=True, kw_only=True):
    """A key to be issued, or what is to change about one.

    Attributes:
        fields: Values of the key's own fields, such as `alias` or `rpm_limit`.
        limits: Values of the account's limits, by field of `Limits`.
        models: Grants; None: all models of the team, or of the gateway if there is none.
        tags: Words for spend reports, kept in `metadata.tags`; a new `metadata` leaves them alone.
        duration: Life from now on, e.g. `30d`; None or `-1`: for ever.
        model_budgets: Limits for single models, by public name; None: none.
        spent: What counts as spent in the current window, in dollars.
        text: The key's text; None: made here.
    """

    fields: Patch = {}
    limits: Patch = {}
    models: list[str] | UnsetType | None = UNSET
    tags: list[str] | UnsetType | None = UNSET
    duration: str | UnsetType | None = UNSET
    model_budgets: Mapping[str, Limits] | UnsetType | None = UNSET
    spent: Decimal | None = None
    text: str | None = None

    def check(self) -> None:
        """Refuse limits that could not be enforced.

        Raises:
            InvalidInputError: One of them is malformed.
        """
        check_limits(Limits(**self.limits))
        if self.model_budgets:
            for model, limits in self.model_budgets.items():
                check_limits(limits, prefix=f"model_max_budget.{model}.")


class KeyDetail(Struct, frozen=True):
    """A key and how its money stands: all of it, and by model where there is a limit."""

    key: Key
    standing: Standing
    by_model: dict[str, Standing] = {}
