"""Types of fields that several routes have."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from litemaas.domain.budgets.entities import Standing

_MOST_DOLLARS = 10**12
_MOST = 2**62
MILLION = Decimal(1_000_000)


def exact(amount: Decimal) -> str:
    """An amount as text with every digit it has and no other."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _printable(text: str) -> str:
    if not text.isprintable():
        raise PydanticCustomError("unprintable", "Text must be printable")
    return text


def _storable(text: str) -> str:
    if "\0" in text:
        raise PydanticCustomError("unstorable", "Text must not contain NUL")
    return text


Money = Annotated[Decimal, PlainSerializer(exact, return_type=str)]
"""US dollars in an answer: exact, as text."""

Dollars = Annotated[Decimal, Field(ge=0, le=_MOST_DOLLARS, allow_inf_nan=False)]
"""US dollars in a request, as text or number."""

Limit = Annotated[int, Field(ge=0, le=_MOST)]
Name = Annotated[str, Field(min_length=1, max_length=512), AfterValidator(_printable)]
Text = Annotated[str, Field(max_length=10_000), AfterValidator(_storable)]


_LabelText = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_printable)]
Labels = Annotated[dict[_LabelText, _LabelText], Field(max_length=16)]
"""Names and values, such as a cost centre, that reach the record of every call."""


class Order(BaseModel):
    """Body of a request. A field that we do not know is a mistake and is told; what was sent is not repeated."""

    model_config = ConfigDict(
        extra="forbid",
        hide_input_in_errors=True,
        json_schema_serialization_defaults_required=True,  # an answer of this shape has all its fields
    )

    def given(self, *names: str) -> dict[str, Any]:
        """Those of the fields that were sent."""
        return {name: getattr(self, name) for name in names if name in self.model_fields_set}


class LimitsOrder(Order):
    """Limits in a request: what is absent stays, null clears."""

    max_budget: Dollars | None = None
    soft_budget: Dollars | None = None
    budget_duration: Name | None = None
    rpm_limit: Limit | None = None
    tpm_limit: Limit | None = None
    max_parallel_requests: Limit | None = None


MONEY = ("max_budget", "soft_budget", "budget_duration")
RATES = ("rpm_limit", "tpm_limit", "max_parallel_requests")


class LimitsView(BaseModel):
    """Limits in an answer."""

    max_budget: Money | None
    soft_budget: Money | None
    budget_duration: str | None
    rpm_limit: int | None
    tpm_limit: int | None
    max_parallel_requests: int | None


class MoneyView(LimitsView):
    """Limits and what was spent of them, in an answer."""

    spent: Money
    total_spent: Money
    window_resets_at: datetime | None


class Named(BaseModel):
    """Something and what it is called."""

    id: str
    name: str


class ItemResult(BaseModel):
    """Outcome for one member of a bulk action."""

    id: str
    ok: bool
    error: str | None


class BulkOutcome(BaseModel):
    """What became of each member of a bulk action."""

    results: list[ItemResult]


def rates_of(holder: Any) -> dict[str, Any]:
    """The rate limits of a key, user, team or budget."""
    return {name: getattr(holder, name) for name in RATES}


def money_of(standing: Standing) -> dict[str, Any]:
    """Limits in force and what was spent of them."""
    return {
        **{name: getattr(standing.account, name) for name in MONEY},
        "spent": standing.spent,
        "total_spent": standing.total_spent,
        "window_resets_at": standing.resets_at,
    }


def per_million(amount: Decimal | None) -> Decimal | None:
    """A price per unit as a price per million of them."""
    return None if amount is None else amount * MILLION


def labels_of(metadata: Mapping[str, Any]) -> dict[str, str]:
    """What of `metadata` is labels; programs may have written anything there."""
    written = metadata.get("labels")
    return (
        {str(name): value for name, value in written.items() if isinstance(value, str)}
        if isinstance(written, dict)
        else {}
    )


def with_labels(metadata: Mapping[str, Any], labels: Mapping[str, str] | None) -> dict[str, Any]:
    """The metadata of a key or team with other labels; what else programs have written there stays."""
    return {**metadata, "labels": labels or {}}
