"""Who owns which field: server-side apply, its conflicts, and the record that every other write leaves.

Simpler than a real server in two places: all versions of a kind share one schema, so sets are never converted; and what
admission and the controllers change is not recorded under a manager of its own.

Source: sigs.k8s.io/structured-merge-diff `merge/update.go`; Kubernetes documentation, "Server-Side Apply".
"""

from dataclasses import dataclass

from .errors import Cause, apply_conflict
from .fields import Path, flatten, from_fields_v1, readable, to_fields_v1, with_parents
from .kinds import Kind
from .merging import merge, remove
from .values import Json


@dataclass(frozen=True)
class Manager:
    """One entry of `managedFields`, without its fields."""

    name: str
    operation: str  # Apply or Update
    subresource: str = ""


Owners = dict[Manager, set[Path]]


def owners_of(found: Json | None) -> Owners:
    if found is None:
        return {}
    return {
        Manager(entry["manager"], entry["operation"], entry.get("subresource", "")): from_fields_v1(entry["fieldsV1"])
        for entry in found["metadata"].get("managedFields", ())
    }


def record(found: Json, owners: Owners, kind: Kind, before: Json | None, now: str) -> None:
    """Write the owners into the object; an entry that did not change keeps its time."""
    previous = {
        Manager(entry["manager"], entry["operation"], entry.get("subresource", "")): entry
        for entry in (before["metadata"].get("managedFields", ()) if before else ())
    }
    entries = []
    for manager, paths in owners.items():
        if not paths:
            continue
        nested = to_fields_v1(paths)
        if manager in previous and previous[manager]["fieldsV1"] == nested:
            entries.append(previous[manager])
            continue
        entry = {
            "manager": manager.name,
            "operation": manager.operation,
            "apiVersion": kind.api_version,
            "time": now,
            "fieldsType": "FieldsV1",
            "fieldsV1": nested,
        }
        if manager.subresource:
            entry["subresource"] = manager.subresource
        entries.append(entry)
    if entries:
        found["metadata"]["managedFields"] = entries
    else:
        found["metadata"].pop("managedFields", None)


def apply(live: Json | None, applied: Json, kind: Kind, manager: Manager, *, force: bool) -> tuple[Json, Owners]:
    """The object that results from an apply, and who owns its fields then.

    Args:
        live: The object as it is, or None when the apply creates it.
        applied: The whole configuration that the manager wants.
        kind: The object's kind.
        manager: Who applies.
        force: Whether to take fields that others own with another value.

    Raises:
        StatusError: 409, other managers own fields with other values.
    """
    owners = owners_of(live)
    base = live or {"metadata": {}}
    previously_owned = owners.get(manager, set())
    owned = set(flatten(applied, kind.schema))
    owners[manager] = owned
    merged = merge(base, applied, kind.schema)
    kept = with_parents(path for paths in owners.values() for path in paths)
    merged = remove(merged, kind.schema, previously_owned - kept)
    _settle_conflicts(owners, manager, flatten(base, kind.schema), flatten(merged, kind.schema), kind, force=force)
    return merged, owners


def _settle_conflicts(
    owners: Owners, manager: Manager, before: dict[Path, object], after: dict[Path, object], kind: Kind, *, force: bool
) -> None:
    changed = {path for path, value in after.items() if path not in before or before[path] != value}
    causes = []
    for other, paths in owners.items():
        if other == manager:
            continue
        contested = paths & changed
        subject = f'conflict with "{other.name}"'
        if other.subresource:
            subject += f' with subresource "{other.subresource}"'
        message = f"{subject} using {kind.api_version}"
        causes += [Cause("FieldManagerConflict", message, readable(path)) for path in sorted(contested)]
        owners[other] = {path for path in paths - contested if path in after}
    if causes and not force:
        raise apply_conflict(causes)


def updated_owners(before: Json | None, after: Json, kind: Kind, manager: Manager) -> Owners:
    """Who owns the fields after a write that was not an apply: the writer takes what it added or changed."""
    owners = owners_of(before)
    old = flatten(before, kind.schema) if before else {}
    new = flatten(after, kind.schema)
    changed = {path for path, value in new.items() if path not in old or old[path] != value}
    for other in owners:
        owners[other] = {path for path in owners[other] - changed if path in new}
    if changed:
        owners[manager] = owners.get(manager, set()) | changed
    return owners
