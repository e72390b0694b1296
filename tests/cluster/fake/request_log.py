"""What clients asked for, counted and listed, so that a test can state how many requests a deployment may take."""

import time
from collections import Counter, deque
from dataclasses import asdict, dataclass

from .values import Json

KEPT = 100_000


@dataclass(frozen=True)
class Entry:
    """One answered request; `started` and `seconds` are of the machine's wall clock."""

    started: float
    seconds: float
    user: str
    agent: str
    verb: str
    resource: str
    namespace: str
    name: str
    status: int


class RequestLog:
    """Requests since the last clear, the control API's own not included."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, started: float, user: str, agent: str, target: Json, status: int) -> None:
        entry = Entry(started=started, seconds=time.time() - started, user=user, agent=agent, status=status, **target)
        self._entries.append(entry)
        self._counts[entry.verb, entry.resource] += 1

    def counts(self) -> Json:
        """`{"total": 3, "by_verb": {"apply": {"deployments.apps": 3}}}`."""
        by_verb: dict[str, dict[str, int]] = {}
        for (verb, resource), count in sorted(self._counts.items()):
            by_verb.setdefault(verb, {})[resource] = count
        return {"total": self._counts.total(), "by_verb": by_verb}

    def entries(self) -> list[Json]:
        return [asdict(entry) for entry in self._entries]

    def clear(self) -> None:
        self._entries.clear()
        self._counts.clear()
