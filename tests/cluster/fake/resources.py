"""The verbs on objects: what every kind has in common, from the decoded request to the stored object.

A write runs through the same steps as in a real server: decode, merge, default, validate the structure, admit, validate
the rules, record who owns which field, store. A write that changes nothing stores nothing.
"""

import secrets
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from . import managed_fields
from .decoding import Write, carry_over, check_identity, decode, start_afresh
from .defaults import set_defaults
from .errors import already_exists, bad_request, conflict, invalid, invalid_value, not_found, required, stale
from .json_patch import json_patch, merge_patch
from .kinds import Kind
from .managed_fields import Manager, Owners
from .rules import check_rules
from .store import Store
from .strategic_merge import strategic_merge
from .validation import Validator
from .values import Json, clone

Admission = Callable[[Json, Json | None, Kind, Write], None]


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Resources:
    """Reads and writes of objects; knows nothing of HTTP."""

    def __init__(self, store: Store, validator: Validator, admit: Admission) -> None:
        self._store = store
        self._validator = validator
        self._admit = admit

    def get(self, kind: Kind, namespace: str, name: str) -> Json:
        """Raises StatusError 404."""
        found = self._store.get(kind, namespace, name)
        if found is None:
            raise not_found(kind, name)
        return found

    def create(self, kind: Kind, namespace: str, body: object, write: Write) -> Json:
        """Raises StatusError: 400, 403, 404, 409 or 422, as every write may."""
        found = decode(body, kind, namespace, write)
        metadata = found["metadata"]
        if not metadata.get("name"):
            prefix = metadata.get("generateName")
            if not prefix:
                raise invalid(kind, "", [required("metadata.name", "name or generateName is required")])
            metadata["name"] = prefix + secrets.token_hex(3)[:5]
        if self._store.get(kind, namespace, metadata["name"]) is not None:
            raise already_exists(kind, metadata["name"])
        start_afresh(found, kind)
        return self._complete(found, None, kind, write, Manager(write.manager, "Update"))

    def replace(
        self, kind: Kind, namespace: str, name: str, body: object, write: Write, *, subresource: str = ""
    ) -> Json:
        """PUT: what the body leaves out is gone, but for what only the server sets."""
        before = self.get(kind, namespace, name)
        found = decode(body, kind, namespace, write)
        if kind.custom and not found["metadata"].get("resourceVersion"):
            why = "must be specified for an update"
            raise invalid(kind, name, [invalid_value("metadata.resourceVersion", 0, why)])
        return self._replace(found, before, kind, write, subresource)

    def patch(
        self, kind: Kind, namespace: str, name: str, patch: object, write: Write, *, how: str, subresource: str = ""
    ) -> Json:
        """`how` is `json`, `merge` or `strategic`; `apply` is a method of its own."""
        before = self.get(kind, namespace, name)
        if how == "json":
            patched = json_patch(before, patch)
        elif how == "merge":
            patched = merge_patch(before, patch)
        else:
            patched = strategic_merge(before, patch, kind.schema)
        return self._replace(decode(patched, kind, namespace, write), before, kind, write, subresource)

    def _replace(self, found: Json, before: Json, kind: Kind, write: Write, subresource: str) -> Json:
        check_identity(found, before, kind, before["metadata"]["name"])
        if subresource == "status":
            found = _with_status_of(before, found)
        else:
            carry_over(found, before, kind)
        return self._complete(found, before, kind, write, Manager(write.manager, "Update", subresource))

    def apply(
        self, kind: Kind, namespace: str, name: str, body: object, write: Write, *, subresource: str = ""
    ) -> tuple[Json, bool]:
        """Server-side apply; also says whether it created the object."""
        if not write.manager:
            raise invalid(kind, name, [required("fieldManager", "is required for apply patch")])
        if isinstance(body, dict) and not {"apiVersion", "kind"} <= set(body):
            raise bad_request("apiVersion and kind must be set in an apply configuration")
        applied = decode(body, kind, namespace, write, applying=True)
        if applied["metadata"].get("managedFields"):
            raise bad_request("metadata.managedFields must be nil")
        before = self._store.get(kind, namespace, name)
        applied["metadata"].setdefault("name", name)
        if before is None and (subresource or applied["metadata"].get("resourceVersion")):
            raise not_found(kind, name)
        if before is not None:
            check_identity(applied, before, kind, name)
        if kind.has_status:
            applied = _only_status(applied) if subresource == "status" else _without_status(applied)
        manager = Manager(write.manager, "Apply", subresource)
        merged, owners = managed_fields.apply(before, applied, kind, manager, force=write.force)
        merged = clone(merged)
        if before is None:
            start_afresh(merged, kind)
        elif subresource != "status":
            carry_over(merged, before, kind)
        return self._complete(merged, before, kind, write, manager, owners=owners), before is None

    def _complete(
        self,
        found: Json,
        before: Json | None,
        kind: Kind,
        write: Write,
        manager: Manager,
        *,
        owners: Owners | None = None,
    ) -> Json:
        metadata = found["metadata"]
        if before is None:
            metadata["uid"] = str(uuid.uuid4())
            metadata["creationTimestamp"] = now()
        if kind.custom:
            set_defaults(found, kind)
        elif "spec" in kind.schema["properties"]:
            found.setdefault("spec", {})
        self._validator.check(found, kind)
        found = self._normalised(found, kind)
        set_defaults(found, kind)
        self._admit(found, before, kind, write)
        check_rules(found, before, kind)
        if kind.counts_generations:
            _count_generation(found, before)
        if owners is None:
            owners = managed_fields.updated_owners(before, found, kind, manager)
        managed_fields.record(found, owners, kind, before, now())
        if before is not None and found == before:
            return before
        if write.dry_run:
            return found
        stored = self._store.put(kind, found)
        if metadata.get("deletionTimestamp") and not metadata.get("finalizers"):
            self._store.remove(kind, metadata.get("namespace", ""), metadata["name"])
        return stored

    def _normalised(self, found: Json, kind: Kind) -> Json:
        try:
            return self._validator.store_quantities(found, kind.schema)
        except ValueError as error:
            raise invalid(kind, found["metadata"]["name"], [invalid_value("spec", "", str(error))]) from error

    def delete(self, kind: Kind, namespace: str, name: str, options: Json, *, dry_run: bool) -> Json:
        """Delete, or mark as being deleted where finalizers hold the object; returns its last state."""
        found = self.get(kind, namespace, name)
        metadata = found["metadata"]
        expected = options.get("preconditions", {})
        if expected.get("uid", metadata["uid"]) != metadata["uid"]:
            raise conflict(kind, name, f"Precondition failed: UID in precondition: {expected['uid']}")
        if expected.get("resourceVersion", metadata["resourceVersion"]) != metadata["resourceVersion"]:
            raise stale(kind, name)
        if dry_run or metadata.get("deletionTimestamp"):
            return found
        if metadata.get("finalizers") or kind.key == ("", "namespaces"):
            marked = {**found, "metadata": {**metadata, "deletionTimestamp": now(), "deletionGracePeriodSeconds": 0}}
            if kind.key == ("", "namespaces"):
                marked["status"] = {**found.get("status", {}), "phase": "Terminating"}
            return self._store.put(kind, marked)
        return self._store.remove(kind, namespace, name)


def _with_status_of(before: Json, found: Json) -> Json:
    merged = clone(before)
    merged.pop("status", None)
    if "status" in found:
        merged["status"] = clone(found["status"])
    return merged


def _without_status(applied: Json) -> Json:
    return {name: value for name, value in applied.items() if name != "status"}


def _only_status(applied: Json) -> Json:
    return {name: value for name, value in applied.items() if name in {"apiVersion", "kind", "metadata", "status"}}


def _count_generation(found: Json, before: Json | None) -> None:
    metadata = found["metadata"]
    if before is None:
        metadata["generation"] = 1
        return
    generation = before["metadata"].get("generation", 1)
    described = {"metadata", "status"}
    changed = any(found.get(name) != before.get(name) for name in (set(found) | set(before)) - described)
    metadata["generation"] = generation + 1 if changed else generation
