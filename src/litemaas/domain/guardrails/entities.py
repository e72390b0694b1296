"""What a guardrail is."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Kind(StrEnum):
    """What finds something."""

    PATTERN = "pattern"
    SECRETS = "secrets"
    PERSONAL_DATA = "personal_data"


class Action(StrEnum):
    """What is done about it."""

    BLOCK = "block"
    MASK = "mask"
    LOG = "log"


class Side(StrEnum):
    """Of a call."""

    INPUT = "input"
    OUTPUT = "output"


class Holder(StrEnum):
    """Whose calls a guardrail may be bound to."""

    KEY = "key"
    TEAM = "team"
    MODEL = "model"


class Binding(Struct, frozen=True, order=True):
    """Whose calls are guarded.

    Attributes:
        id: A key's or team's id, or a model's public name.
    """

    holder: Holder
    id: str


class Guardrail(Struct, frozen=True, kw_only=True):
    """A guardrail.

    Attributes:
        patterns: Regular expressions, of kind `pattern`.
        entities: What personal data is looked for; empty: the usual.
        for_all: It guards all calls, whatever it is bound to.
    """

    id: UUID
    name: str
    kind: Kind
    action: Action
    sides: tuple[Side, ...]
    patterns: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    for_all: bool = False
    bindings: tuple[Binding, ...] = ()
    created_at: datetime
    created_by: str | None = None
    updated_at: datetime

    def guards(self, key_id: str | None, team_id: str | None, models: Iterable[str]) -> bool:
        """Tell whether it guards calls of this key, whose team this is, that may come to one of these models."""
        named = {(Holder.KEY, key_id), (Holder.TEAM, team_id), *((Holder.MODEL, model) for model in models)}
        return self.for_all or any((one.holder, one.id) in named for one in self.bindings)
