# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""What of a live object is ours, read from its managedFields.

Server-side apply records for each field manager the fields it set
(https://kubernetes.io/docs/reference/using-api/server-side-apply/). Cutting a live object down to our own fields gives
back what we last applied, as it stands now: equal to the manifest, nothing has to be sent; different, that is the diff.
Where the server stores a value in another spelling (C(1000m) as C(1)), they differ and we apply once too often, which
the server answers without a change.
"""

from __future__ import annotations

import json
from functools import lru_cache

# The object's identity is no field of anyone.
_IDENTITY = ("apiVersion", "kind")


def applied(live, manager, like=None):
    """Cuts a live object down to the fields that a manager applied.

    Args:
        live: The object with its managedFields.
        manager: Name of the field manager.
        like: A manifest. Some lists and maps have one owner as a whole (a StatefulSet's volumeClaimTemplates), and the
            server adds defaults inside them; where the manifest's value is all there, it stands for the live one.

    Returns:
        The part of the object, with its identity; None where the manager never applied it.
    """
    for entry in live["metadata"].get("managedFields") or ():
        if entry.get("manager") == manager and entry.get("operation") == "Apply" and not entry.get("subresource"):
            part = _cut(live, entry.get("fieldsV1") or {}, like)
            part.update({name: live[name] for name in _IDENTITY if name in live})
            metadata = part.setdefault("metadata", {})
            metadata.update(
                {name: live["metadata"][name] for name in ("name", "namespace") if name in live["metadata"]}
            )
            return part
    return None


def _cut(value, fields, like):
    """Follows a fieldsV1 tree; a leaf takes the whole value below it."""
    if not fields or fields.keys() == {"."}:
        return like if _covers(value, like) else value
    if isinstance(value, list):
        return list(_cut_list(value, fields, like))
    if not isinstance(value, dict):
        return value
    likes = like if isinstance(like, dict) else {}
    return {
        name[2:]: _cut(value[name[2:]], below, likes.get(name[2:]))
        for name, below in fields.items()
        if name[2:] in value and name.startswith("f:")
    }


def _cut_list(items, fields, like):
    """Finds the list's items that are ours: by key (C(k:)) in a list of maps, by value (C(v:)) in a set."""
    keyed, values = {}, []
    for name, below in fields.items():
        if name.startswith("k:"):
            names, key = _key(name)
            keyed.setdefault(names, {})[key] = below
        elif name.startswith("v:"):
            values.append(json.loads(name[2:]))
    for item in items:
        if isinstance(item, dict) and keyed:
            for names, subtrees in keyed.items():
                key = tuple(item.get(name) for name in names)
                if key in subtrees:
                    yield _cut(item, subtrees[key], _twin(names, key, like))
                    break
        elif item in values:
            yield item


@lru_cache(maxsize=None)  # a lab's objects have the same keys over and over
def _key(name):
    """Reads C(k:{"containerPort":4000,"protocol":"TCP"}): the names of its fields, and their values."""
    return tuple(zip(*json.loads(name[2:]).items()))


def _twin(names, key, like):
    """Finds the wanted item with this key, in which a field that the server defaults may be left out."""
    for one in like if isinstance(like, list) else ():
        if isinstance(one, dict) and all(one.get(name, value) == value for name, value in zip(names, key)):
            return one
    return None


def _covers(value, wanted):
    """Tells whether a live value holds all of a wanted one, and beyond it only fields of maps that were added."""
    if isinstance(wanted, dict) and isinstance(value, dict):
        return all(name in value and _covers(value[name], wanted[name]) for name in wanted)
    if isinstance(wanted, list) and isinstance(value, list):
        return len(value) == len(wanted) and all(_covers(one, other) for one, other in zip(value, wanted))
    return value == wanted
