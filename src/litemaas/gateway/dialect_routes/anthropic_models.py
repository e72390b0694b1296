"""The list of models as Anthropic's API has it, for clients that speak its messages."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct

from litemaas.domain.serving import ServedModel

VERSION_HEADER = "anthropic-version"
"""Which header tells such a client: Anthropic's API demands it."""
_UNKNOWN = datetime.fromtimestamp(0, UTC)
"""What Anthropic's reference tells to take where no date is known."""


class AnthropicModel(Struct, kw_only=True, tag_field="type", tag="model"):
    """A model."""

    id: str
    display_name: str
    created_at: datetime
    max_input_tokens: int | None
    max_tokens: int | None


class AnthropicModelList(Struct, kw_only=True):
    """All of them: there is never more."""

    data: list[AnthropicModel]
    has_more: bool = False
    first_id: str | None
    last_id: str | None


def anthropic_model(model: ServedModel) -> AnthropicModel:
    """A model, in Anthropic's form."""
    group = model.group
    return AnthropicModel(
        id=model.name,
        display_name=model.name,
        created_at=group.created_at or _UNKNOWN,
        max_input_tokens=group.max_input_tokens,
        max_tokens=group.max_output_tokens,
    )


def anthropic_list(models: Sequence[ServedModel]) -> AnthropicModelList:
    """Models, in Anthropic's form."""
    listed = [anthropic_model(model) for model in models]
    return AnthropicModelList(
        data=listed,
        first_id=listed[0].id if listed else None,
        last_id=listed[-1].id if listed else None,
    )
