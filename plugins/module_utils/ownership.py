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
    fields = {name: below for name, below in fields.items() if name != "."}
    if not fields:
        return like if _covers(value, like) else value
    if isinstance(value, list):
        return [part for item in value for part in _cut_item(item, fields, like)]
    if not isinstance(value, dict):
        return value
    likes = like if isinstance(like, dict) else {}
    return {
        name[2:]: _cut(value[name[2:]], below, likes.get(name[2:]))
        for name, below in fields.items()
        if name[2:] in value and name.startswith("f:")
    }


def _cut_item(item, fields, like):
    """Finds a list item's own subtree: by key (C(k:)) in a list of maps, by value (C(v:)) in a set."""
    likes = [one for one in like if isinstance(one, dict)] if isinstance(like, list) else []
    for name, below in fields.items():
        if name.startswith("k:") and isinstance(item, dict):
            key = json.loads(name[2:])
            if all(item.get(field) == value for field, value in key.items()):
                twins = (one for one in likes if all(one.get(field, value) == value for field, value in key.items()))
                yield _cut(item, below, next(twins, None))
                return
        if name.startswith("v:") and json.loads(name[2:]) == item:
            yield item
            return


def _covers(value, wanted):
    """Tells whether a live value holds all of a wanted one, and beyond it only fields of maps that were added."""
    if isinstance(wanted, dict) and isinstance(value, dict):
        return all(name in value and _covers(value[name], wanted[name]) for name in wanted)
    if isinstance(wanted, list) and isinstance(value, list):
        return len(value) == len(wanted) and all(_covers(one, other) for one, other in zip(value, wanted))
    return value == wanted
