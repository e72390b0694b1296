"""Changes to an entity as a merge patch: what is absent stays, None clears."""

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields, replace

_Entity = TypeVar("_Entity", bound=Struct)

Patch = Mapping[str, Any]
"""New values by field; None returns a field to its default."""


def apply_patch(entity: _Entity, patch: Patch) -> _Entity:
    """Return `entity` with the values of `patch`."""
    by_name = {field.name: field for field in fields(entity)}
    values = {name: _default(by_name[name]) if value is None else value for name, value in patch.items()}
    return replace(entity, **values)


def _default(field: FieldInfo) -> Any:
    if field.default_factory is not NODEFAULT:
        return field.default_factory()
    return None if field.default is NODEFAULT else field.default
