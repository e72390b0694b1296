"""Lists: selectors, and chunks by `limit` and `continue`.

Simpler than a real server: a chunk shows the state of its own time, not that of the first chunk.
"""

import base64
import json
from dataclasses import dataclass

from .errors import bad_request, gone
from .kinds import Kind
from .selectors import Predicate, field_selector, label_selector
from .store import Store
from .values import Json


@dataclass(frozen=True)
class Query:
    """What a list, watch or deletion of a collection asks for."""

    labels: str = ""
    fields: str = ""
    limit: int = 0
    continue_token: str = ""

    def predicate(self, kind: Kind) -> Predicate:
        """Raises StatusError 400 where a selector cannot be read."""
        by_label = label_selector(self.labels)
        by_field = field_selector(self.fields, kind.plural)
        return lambda found: by_label(found) and by_field(found)


def list_objects(store: Store, kind: Kind, namespace: str, query: Query) -> tuple[list[Json], Json]:
    """The objects and the list's metadata.

    Raises:
        StatusError: 400, a selector or the token is malformed; 410, the token is older than the history kept.
    """
    selected = query.predicate(kind)
    found = [each for each in store.select(kind, namespace) if selected(each)]
    metadata: Json = {"resourceVersion": str(store.revision)}
    if query.continue_token:
        revision, after = _read_token(query.continue_token)
        if revision < store.oldest_revision:
            raise gone("The provided continue parameter is too old to display a consistent list result.")
        metadata["resourceVersion"] = str(revision)
        found = [each for each in found if _position(each) > after]
    if query.limit and len(found) > query.limit:
        page = found[: query.limit]
        token = {"rv": int(metadata["resourceVersion"]), "after": _position(page[-1])}
        metadata["continue"] = base64.urlsafe_b64encode(json.dumps(token).encode()).decode()
        if not query.labels and not query.fields:
            metadata["remainingItemCount"] = len(found) - query.limit
        found = page
    return found, metadata


def _position(found: Json) -> list[str]:
    return [found["metadata"].get("namespace", ""), found["metadata"]["name"]]


def _read_token(text: str) -> tuple[int, list[str]]:
    try:
        token = json.loads(base64.urlsafe_b64decode(text))
        return token["rv"], token["after"]
    except (ValueError, KeyError, TypeError) as error:
        raise bad_request("continue key is not valid") from error
