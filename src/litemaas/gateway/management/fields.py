"""Types of request fields that several resources have."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    model_validator,
)
from pydantic_core import PydanticCustomError

from litemaas.domain.errors import InvalidInputError
from litemaas.gateway.management.unsupported import refuse_unsupported

_MOST_DOLLARS = 10**12
_MOST = 2**62
_LONGEST = 512
_MOST_LABELS = 16
_LONGEST_LABEL = 128


def _empty_is_none(value: Any) -> Any:
    return None if value == "" else value


def _storable(text: str) -> str:
    if "\0" in text or not text.isprintable():
        raise PydanticCustomError("unprintable", "Text must be printable")
    return text


Text = Annotated[str, Field(max_length=_LONGEST), AfterValidator(_storable)]
"""A name or an id."""

Name = Annotated[Text, Field(min_length=1)]
"""Text that is not empty."""

OptionalText = Annotated[Text | None, BeforeValidator(_empty_is_none)]
"""As LiteLLM has it, empty text means unset."""

Dollars = Annotated[
    Annotated[Decimal, Field(ge=0, le=_MOST_DOLLARS, allow_inf_nan=False)] | None, BeforeValidator(_empty_is_none)
]
"""An amount of money; None or empty text: none."""

Limit = Annotated[Annotated[int, Field(ge=0, le=_MOST)] | None, BeforeValidator(_empty_is_none)]
"""A count per minute or at a time; None or empty text: no limit."""


def _with_labels(metadata: dict[str, Any]) -> dict[str, Any]:
    labels = metadata.get("labels", {})
    if not isinstance(labels, dict) or len(labels) > _MOST_LABELS:
        raise InvalidInputError(f"metadata.labels must map at most {_MOST_LABELS} names to text.", param="metadata")
    for text in (*labels, *labels.values()):
        if not (isinstance(text, str) and 0 < len(text) <= _LONGEST_LABEL and text.isprintable()):
            raise InvalidInputError(
                f"Names and values in metadata.labels must be text of 1 to {_LONGEST_LABEL} characters.",
                param="metadata",
            )
    return metadata


Metadata = Annotated[
    dict[str, Any],
    AfterValidator(_with_labels),
    Field(description="Anything; its `labels`, such as a cost centre, reach every call's record"),
]
"""Metadata of keys and teams."""

Grants = list[Name]
"""Models that are granted; the empty list grants nothing."""


class ManagementRequest(BaseModel):
    """A request body. Unknown fields are ignored, those of `unsupported` refused when they have a value."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    unsupported: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="wrap")
    @classmethod
    def _refuse_unsupported(cls, body: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        refuse_unsupported(body, cls.unsupported)
        return handler(body)

    def given(self, names: Mapping[str, str]) -> dict[str, Any]:
        """The fields that the client sent, under the names that the domain has for them."""
        return {ours: getattr(self, name) for name, ours in names.items() if name in self.model_fields_set}


class LimitFields(ManagementRequest):
    """Limits, as keys, users, teams and budgets have them."""

    max_budget: Dollars = Field(default=None, description="US dollars per window")
    soft_budget: Dollars = Field(default=None, description="Amount at which a warning is due")
    budget_duration: OptionalText = Field(default=None, description="Window, e.g. 30d; null: for life")
    rpm_limit: Limit = Field(default=None, description="Requests per minute")
    tpm_limit: Limit = Field(default=None, description="Tokens per minute")
    max_parallel_requests: Limit = None


MONEY_FIELDS = {name: name for name in ("max_budget", "soft_budget", "budget_duration")}
RATE_FIELDS = {name: name for name in ("rpm_limit", "tpm_limit", "max_parallel_requests")}
