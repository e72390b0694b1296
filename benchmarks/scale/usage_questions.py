"""What the usage pages and daily activity ask, for each filter and span that the pages offer, as real addresses."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

SPANS = {"7 days": 7, "30 days": 30, "90 days": 90, "a year": 366}
_ONE = 7
"""Which of all users, teams, models and keys is asked about."""

_PAGE = "/api/admin/usage"
_CARDS = {
    "summary": {},
    "trend": {"group_by": "model"},
    "heatmap": {},
    "breakdown": {"group_by": "user", "page_size": "20"},
}
"""What the page of usage asks at once, and whom it tells apart."""

_OF_ACTIVITY = {
    "everything": {},
    "one user": {"user_id": f"user-{_ONE}"},
    "one team": {"team_id": f"team-{_ONE}"},
    "one model": {"model": f"model-{_ONE}"},
    "one key": {"api_key": hashlib.sha256(f"key {_ONE}".encode()).hexdigest()},
}


class Question(NamedTuple):
    """A request of a page.

    Attributes:
        about: The filter and the card, as the table has them.
        by_key: Asked with the master key, not with a session.
    """

    about: str
    span: str
    path: str
    query: dict[str, str]
    by_key: bool = False


def questions(key_id: str) -> Iterator[Question]:
    """All of them; `key_id` is the id of the key that is asked about, whose text is `key 7`."""
    today = datetime.now(UTC).date()
    filters = {
        "everything": {},
        "one user": {"users": f"user-{_ONE}"},
        "one team": {"teams": f"team-{_ONE}"},
        "one model": {"models": f"model-{_ONE}"},
        "one provider": {"providers": "openai"},
        "one key": {"keys": key_id},
        "one model in one team": {"models": f"model-{_ONE}", "teams": f"team-{_ONE}"},
    }
    for span, days in SPANS.items():
        since = today - timedelta(days=days - 1)
        page_span = {"since": str(since), "until": str(today)}
        for name, chosen in filters.items():
            for card, asked in _CARDS.items():
                yield Question(f"{name}: {card}", span, f"{_PAGE}/{card}", {**page_span, **chosen, **asked})
        for dimension in ("model", "key", "team", "provider"):
            query = {**page_span, "group_by": dimension, "page_size": "20"}
            yield Question(f"everything: by {dimension}", span, f"{_PAGE}/breakdown", query)
        api_span = {"start_date": str(since), "end_date": str(today)}
        for name, chosen in _OF_ACTIVITY.items():
            yield Question(f"daily activity, {name}", span, "/user/daily/activity", {**api_span, **chosen}, by_key=True)
