"""Check an object against its kind's schema, as strictly as the server does when asked to.

The schemas and the validator are those of `kubernetes-validate` in strict mode; what it does once per call (read the
schema from disk, resolve its references) is done once per kind.
"""

import jsonschema

from .errors import Cause, StatusError, invalid, invalid_value, required, undecodable, unsupported_value
from .kinds import Kind
from .schemas import Schemas, child, item, keeps_unknown_fields
from .values import Json, canonical_quantity, clone


class Validator:
    """Structural validation of all kinds; validators are built at first use."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._compiled: dict[int, tuple[Json, jsonschema.Validator]] = {}

    def check(self, found: Json, kind: Kind) -> None:
        """Refuse what does not fit the schema.

        Raises:
            StatusError: 400 for a value of the wrong type in one of Kubernetes' own kinds; 422 for everything else.
        """
        errors = list(self._compiled_for(kind.schema).iter_errors(found))
        if not errors:
            return
        undecodable_faults = [_decoding_fault(error) for error in errors if _is_undecodable(error, kind)]
        if undecodable_faults:
            raise undecodable(kind, undecodable_faults)
        raise invalid(kind, found["metadata"].get("name", ""), [cause for error in errors for cause in _causes(error)])

    def _compiled_for(self, schema: Json) -> jsonschema.Validator:
        known = self._compiled.get(id(schema))
        if known is None:
            known = self._compiled[id(schema)] = (schema, jsonschema.Draft202012Validator(schema))
        return known[1]

    def store_quantities(self, value: object, schema: Json) -> object:
        """The value with every resource quantity in its canonical spelling.

        Raises:
            ValueError: something in the place of a quantity is none.
        """
        if isinstance(value, dict):
            return {name: self.store_quantities(inner, child(schema, name)) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.store_quantities(inner, item(schema)) for inner in value]
        if schema is self._schemas.quantity:
            return canonical_quantity(value)
        return value


def unknown_fields(value: object, schema: Json, path: str = "") -> list[str]:
    """Paths of the fields that the schema does not list, for example `spec.replica`."""
    unknown: list[str] = []
    if isinstance(value, dict):
        known = schema.get("properties", {})
        open_ended = keeps_unknown_fields(schema) or isinstance(schema.get("additionalProperties"), dict)
        for name, inner in value.items():
            inner_path = f"{path}.{name}" if path else name
            if name in known or open_ended:
                unknown += unknown_fields(inner, child(schema, name), inner_path)
            else:
                unknown.append(inner_path)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            unknown += unknown_fields(inner, item(schema), f"{path}[{index}]")
    return unknown


def without_unknown_fields(value: object, schema: Json) -> object:
    """The value with only the fields that the schema lists: what a lenient server stores."""
    if isinstance(value, dict):
        known = schema.get("properties", {})
        open_ended = keeps_unknown_fields(schema) or isinstance(schema.get("additionalProperties"), dict)
        return {
            name: without_unknown_fields(inner, child(schema, name))
            for name, inner in value.items()
            if name in known or open_ended
        }
    if isinstance(value, list):
        return [without_unknown_fields(inner, item(schema)) for inner in value]
    return value


def set_schema_defaults(value: object, schema: Json) -> None:
    """Fill in, in place, the defaults that a CustomResourceDefinition's schema states."""
    if isinstance(value, dict):
        for name, field_schema in schema.get("properties", {}).items():
            if name not in value and "default" in field_schema:
                value[name] = clone(field_schema["default"])
        for name, inner in value.items():
            set_schema_defaults(inner, child(schema, name))
    elif isinstance(value, list):
        for inner in value:
            set_schema_defaults(inner, item(schema))


def _path(error: jsonschema.ValidationError) -> str:
    text = ""
    for part in error.absolute_path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _is_undecodable(error: jsonschema.ValidationError, kind: Kind) -> bool:
    return not kind.custom and error.validator in {"type", "oneOf"}


def _decoding_fault(error: jsonschema.ValidationError) -> str:
    return f"json: cannot unmarshal {_json_type(error.instance)} into field {_path(error)}: {error.message}"


def _json_type(value: object) -> str:
    names = {bool: "bool", str: "string", int: "number", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _causes(error: jsonschema.ValidationError) -> list[Cause]:
    path = _path(error)
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return [required(f"{path}.{name}" if path else name) for name in missing]
    if error.validator == "enum":
        return [unsupported_value(path, error.instance, error.validator_value)]
    shown = error.instance if isinstance(error.instance, str | int | float | bool) else _json_type(error.instance)
    return [invalid_value(path, shown, f"{path} in body {error.message}")]


def refuse_unknown(found: Json, kind: Kind, *, applying: bool) -> list[str]:
    """The unknown fields of an object; an apply with any is refused at once, whatever its validation level.

    Raises:
        StatusError: 500, as a real server answers an apply that is not declared in the schema.
    """
    unknown = unknown_fields(found, kind.schema)
    if unknown and applying:
        listed = ", ".join(f".{path}: field not declared in schema" for path in unknown)
        name = found["metadata"].get("name", "")
        subject = f"{found['metadata'].get('namespace', '')}/{name}; {kind.api_version}, Kind={kind.kind}"
        raise StatusError(500, "", f"failed to create typed patch object ({subject}): {listed}")
    return unknown
