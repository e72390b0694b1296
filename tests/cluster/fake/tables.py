"""Lists as the server prints them for people: `Accept: application/json;as=Table`."""

import re

from .kinds import Kind
from .values import Json

_STEP = re.compile(r"\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\[\?\(@\.(\w+)==\"([^\"]*)\"\)\]")
_NAME = {"name": "Name", "type": "string", "format": "name", "description": "Name of the object", "priority": 0}
_AGE = {"name": "Age", "type": "string", "format": "", "description": "Time of creation", "priority": 0}
_COLUMNS = {
    ("apps", "deployments"): [("Ready", ".status.readyReplicas"), ("Up-to-date", ".status.updatedReplicas")],
    ("apps", "statefulsets"): [("Ready", ".status.readyReplicas")],
    ("", "pods"): [("Status", ".status.phase"), ("Restarts", ".status.containerStatuses[0].restartCount")],
    ("", "services"): [("Type", ".spec.type"), ("Cluster-IP", ".spec.clusterIP")],
    ("", "namespaces"): [("Status", ".status.phase")],
    ("", "persistentvolumeclaims"): [("Status", ".status.phase"), ("Storage Class", ".spec.storageClassName")],
}


def table(kind: Kind, found: list[Json], metadata: Json) -> Json:
    """A `Table` with one row for each object; a definition's printer columns are used where there are any."""
    columns = [(column["name"], column["jsonPath"]) for column in kind.columns] or _COLUMNS.get(kind.key, [])
    definitions = [_NAME]
    definitions += [
        {"name": name, "type": "string", "format": "", "description": "", "priority": 0} for name, _ in columns
    ]
    definitions.append(_AGE)
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "columnDefinitions": definitions,
        "rows": [_row(each, columns) for each in found],
    }


def _row(found: Json, columns: list[tuple[str, str]]) -> Json:
    metadata = found["metadata"]
    cells = [metadata["name"], *(_value(found, path) for _, path in columns), metadata["creationTimestamp"]]
    partial = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}
    return {"cells": cells, "object": partial}


def _value(found: object, path: str) -> object:
    """The value at a simple JSON path; fields, indexes and `[?(@.field=="value")]`."""
    for match in _STEP.finditer(path):
        field, index, key, wanted = match.groups()
        if field:
            found = found.get(field) if isinstance(found, dict) else None
        elif index:
            found = found[int(index)] if isinstance(found, list) and int(index) < len(found) else None
        else:
            found = next((each for each in found or () if each.get(key) == wanted), None)
        if found is None:
            return ""
    return found
