"""What is known of a deployment's health."""

from datetime import datetime

from msgspec import Struct

FAILURES_TO_FALL = 2
"""Checks that must fail one after the other: a single lost packet wakes nobody."""


class DeploymentHealth(Struct, frozen=True, kw_only=True):
    """How a deployment is.

    Attributes:
        since: When it became so.
        failures: Checks that failed since the last one that did not.
        error: Why the last check failed.
        latency_ms: How long the last one took that did not.
    """

    deployment_id: str
    healthy: bool
    since: datetime
    checked_at: datetime
    failures: int = 0
    error: str | None = None
    latency_ms: int | None = None


class Finding(Struct, frozen=True):
    """The outcome of one check; `fault` is None if there is none."""

    deployment_id: str
    fault: str | None
    latency_ms: int


def judge(before: DeploymentHealth | None, finding: Finding, moment: datetime) -> DeploymentHealth:
    """A deployment's health after a check at `moment`."""
    was_healthy = before is None or before.healthy
    failures = (before.failures if before else 0) + 1 if finding.fault else 0
    healthy = failures < FAILURES_TO_FALL and (was_healthy or not finding.fault)
    return DeploymentHealth(
        deployment_id=finding.deployment_id,
        healthy=healthy,
        since=before.since if before and healthy == was_healthy else moment,
        checked_at=moment,
        failures=failures,
        error=finding.fault,
        latency_ms=(before.latency_ms if before else None) if finding.fault else finding.latency_ms,
    )
