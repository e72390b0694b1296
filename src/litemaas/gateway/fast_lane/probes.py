"""What Kubernetes' probes ask: is the process alive, can it serve? Answered on the fast lane, from memory."""

import time

import msgspec
from msgspec import Struct

from litemaas import __version__
from litemaas.bootstrap import Platform
from litemaas.gateway.fast_lane.anteroom import Anteroom

LIVENESS = ("/health/liveness", "/health/liveliness", "/health/livenessz", "/livez")
"""All spellings that LiteLLM's and Kubernetes' users have come to rely on."""

READINESS = ("/health/readiness", "/readyz")

_STALE_SECONDS = 5.0


class Readiness(Struct, kw_only=True):
    """Whether calls are served, and what does not work besides.

    Attributes:
        degraded: What is away: `database`, `redis`; `application`: all but the models' hot routes cannot be served.
        db: Whether the database answered lately; calls are served from memory while it is away.
        rate_limits: How this replica counts: `alone`, by shares in `redis` or `postgres`, or, where no store answers,
            with the limits `divided` by the number of replicas.
        snapshot_age_seconds: How old what we know may be.
        unhealthy_deployments: How many did not answer when they were asked last, in the background.
    """

    status: str
    db: str
    degraded: list[str]
    snapshot_age_seconds: float
    unhealthy_deployments: int
    rate_limits: str
    litellm_version: None = None
    version: str = __version__


def answer_probe(platform: Platform, path: str, *, application: Anteroom | None = None) -> tuple[int, bytes]:
    """Status and JSON body for a probe of `path`: 200 whenever calls can be served, also while the database is away.

    Args:
        platform: Of this process.
        path: One of `LIVENESS` or `READINESS`.
        application: What else this process serves; a probe that finds that it cannot be imported has it tried again.
    """
    if platform.draining:
        return 503, b'{"status":"shutting_down"}'
    if path in LIVENESS:
        return 200, b'"I\'m alive!"'
    if broken := application is not None and application.is_broken:
        application.open()
    told = readiness(platform, lacks_application=broken)
    return 200 if told.status == "healthy" else 503, msgspec.json.encode(told)


def readiness(platform: Platform, *, lacks_application: bool = False) -> Readiness:
    """How well this process can serve."""
    age = time.monotonic() - platform.snapshot.confirmed_at
    degraded = []
    if age > _STALE_SECONDS:
        degraded.append("database")
    if platform.sharing.misses_redis:
        degraded.append("redis")
    if lacks_application:
        degraded.append("application")
    serving = age <= platform.settings.snapshot.max_snapshot_age and not lacks_application
    return Readiness(
        status="healthy" if serving else "unhealthy",
        db="Not connected" if "database" in degraded else "connected",
        degraded=degraded,
        snapshot_age_seconds=round(age, 1),
        unhealthy_deployments=len(platform.health_checks.unhealthy),
        rate_limits=platform.sharing.way,
    )
