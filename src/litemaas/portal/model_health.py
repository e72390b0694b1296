"""How models are, by the calls of late and by background checks: nothing is shown that was not seen."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from litemaas.domain.health.entities import DeploymentHealth
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


class ModelHealth:
    """Asks the ledger, at most once in a few seconds."""

    def __init__(self, calls: CallReports) -> None:
        self._calls = calls
        self._outcomes: dict[str, Outcomes] = {}
        self._asked_at = float("-inf")

    async def outcomes(self) -> dict[str, Outcomes]:
        """How the calls of the last minutes ended, by deployment."""
        if time.monotonic() - self._asked_at > _KEPT_SECONDS:
            self._outcomes = await self._calls.outcomes(datetime.now(UTC) - _LOOKING_BACK)
            self._asked_at = time.monotonic()
        return self._outcomes


def health_of(outcomes: Outcomes | None, checked: DeploymentHealth | None = None) -> Health:
    """How a deployment is whose calls ended like this, and which was found like that; None: there is nothing."""
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
