"""How models are, by the calls of late and by background checks: nothing is shown that was not seen."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from litemaas.domain.health.entities import DeploymentHealth
from litemaas.domain.health_checks import HealthChecks
from litemaas.domain.spend.calls import CallReports, Outcomes

_LOOKING_BACK = timedelta(minutes=15)
_KEPT_SECONDS = 5.0
_DEGRADED_SHARE = 0.05


class Health(StrEnum):
    """How something is."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"


class Seen(Struct, frozen=True):
    """How a deployment is, and what that is known by."""

    health: Health
    last_error: str | None
    last_checked_at: datetime | None


UNSEEN = Seen(Health.UNKNOWN, None, None)


class ModelHealth:
    """Asks the ledger, at most once in a few seconds, and the background checks.

    Args:
        calls: The ledger's calls.
        checks: What was found in the background.
    """

    def __init__(self, calls: CallReports, checks: HealthChecks) -> None:
        self._calls = calls
        self._checks = checks
        self._outcomes: dict[str, Outcomes] = {}
        self._asked_at = float("-inf")

    async def seen(self) -> dict[str, Seen]:
        """What was seen of deployments in the last minutes; the others are `UNSEEN`."""
        if time.monotonic() - self._asked_at > _KEPT_SECONDS:
            self._outcomes = await self._calls.outcomes(datetime.now(UTC) - _LOOKING_BACK)
            self._asked_at = time.monotonic()
        outcomes, known = self._outcomes, self._checks.known
        return {one: _seen(outcomes.get(one), known.get(one)) for one in {*outcomes, *known}}


def _seen(outcomes: Outcomes | None, checked: DeploymentHealth | None) -> Seen:
    moments = [outcomes.last_call_at] if outcomes else []
    moments += [checked.checked_at] if checked else []
    error = (checked.error if checked else None) or (outcomes.last_error if outcomes else None)
    return Seen(_health(outcomes, checked), error, max(moments, default=None))


def _health(outcomes: Outcomes | None, checked: DeploymentHealth | None) -> Health:
    if checked is not None and not checked.healthy:
        return Health.UNHEALTHY
    if outcomes is None:
        return Health.UNKNOWN if checked is None else Health.HEALTHY
    if outcomes.failed == outcomes.calls:
        return Health.UNHEALTHY
    return Health.DEGRADED if outcomes.failed > outcomes.calls * _DEGRADED_SHARE else Health.HEALTHY


def health_together(parts: Iterable[Health]) -> Health:
    """How a model is whose deployments are like this: as long as one works, so does the model."""
    known = set(parts) - {Health.UNKNOWN}
    if not known:
        return Health.UNKNOWN
    return known.pop() if len(known) == 1 else Health.DEGRADED
