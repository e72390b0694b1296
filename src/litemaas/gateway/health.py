"""Health: is the process alive, can it serve, and do the models answer?"""

import asyncio
import time
from collections.abc import Iterable

from fastapi import APIRouter, Request, Response
from msgspec import Struct

from litemaas import __version__
from litemaas.bootstrap import Platform
from litemaas.domain.probing import Trial, Verdict, probe
from litemaas.domain.serving import ServedModel, Target
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, AnyPlatform
from litemaas.gateway.management.rendering import answers, render

router = APIRouter(tags=["health"])

_SERVICE_UNAVAILABLE = 503
_PROBES_AT_ONCE = 8
_STALE_SECONDS = 5.0


class Readiness(Struct, kw_only=True):
    """Whether calls are served, and what does not work besides.

    Attributes:
        db: Whether the database answered lately; calls are served from memory while it is away.
        snapshot_age_seconds: How old what we know may be.
    """

    status: str
    db: str
    degraded: list[str]
    snapshot_age_seconds: float
    litellm_version: None = None
    version: str = __version__


class EndpointHealth(Struct, kw_only=True):
    """One deployment."""

    model: str
    model_id: str
    model_group: str
    api_base: str | None
    error: str | None = None


class Health(Struct, kw_only=True):
    """All deployments."""

    healthy_endpoints: list[EndpointHealth]
    unhealthy_endpoints: list[EndpointHealth]
    healthy_count: int
    unhealthy_count: int


@router.get("/health/liveness")
@router.get("/health/liveliness")
@router.get("/health/livenessz")
@router.get("/livez")
async def liveness(request: Request) -> Response:
    """Answer as long as the process is to go on."""
    if request.app.state.draining:
        return render({"status": "shutting_down"}, _SERVICE_UNAVAILABLE)
    return render("I'm alive!")


@router.get("/health/readiness", responses=answers(Readiness))
@router.get("/readyz")
async def readiness(request: Request, platform: AnyPlatform) -> Response:
    """200 whenever calls can be served, also while the database is away; the body tells what is degraded."""
    if request.app.state.draining:
        return render({"status": "shutting_down"}, _SERVICE_UNAVAILABLE)
    told = _readiness(platform)
    return render(told, 200 if told.status == "healthy" else _SERVICE_UNAVAILABLE)


@router.get("/health", dependencies=ADMINISTRATORS_ONLY, responses=answers(Health))
async def health(platform: AnyPlatform, model: str | None = None) -> Response:
    """Call every deployment for real, or those of one public name: not for probes, each call costs."""
    models = [one for one in platform.snapshot.catalog.models.values() if model in {None, one.name}]
    targets = [(one, target) for one in models for target in one.targets]
    verdicts = await _probe_all(platform, targets)
    healthy = [_told(*found, None) for found, verdict in zip(targets, verdicts, strict=True) if verdict.ok]
    unhealthy = [_told(*found, _why(one)) for found, one in zip(targets, verdicts, strict=True) if not one.ok]
    return render(
        Health(
            healthy_endpoints=healthy,
            unhealthy_endpoints=unhealthy,
            healthy_count=len(healthy),
            unhealthy_count=len(unhealthy),
        )
    )


def _readiness(platform: Platform) -> Readiness:
    age = time.monotonic() - platform.snapshot.confirmed_at
    degraded = []
    if age > _STALE_SECONDS:
        degraded.append("database")
    serving = age <= platform.settings.snapshot.max_snapshot_age
    return Readiness(
        status="healthy" if serving else "unhealthy",
        db="Not connected" if degraded else "connected",
        degraded=degraded,
        snapshot_age_seconds=round(age, 1),
    )


async def _probe_all(platform: Platform, targets: Iterable[tuple[ServedModel, Target]]) -> list[Verdict]:
    places = asyncio.Semaphore(_PROBES_AT_ONCE)

    async def probe_one(model: ServedModel, target: Target) -> Verdict:
        deployment = target.deployment
        trial = Trial(
            deployment.provider, deployment.upstream_model, model.group.mode, deployment.api_base, target.credential
        )
        async with places:
            return await probe(platform.upstreams, trial)

    return await asyncio.gather(*(probe_one(model, target) for model, target in targets))


def _told(model: ServedModel, target: Target, error: str | None) -> EndpointHealth:
    deployment = target.deployment
    return EndpointHealth(
        model=f"{deployment.provider}/{deployment.upstream_model}",
        model_id=deployment.id,
        model_group=model.name,
        api_base=deployment.api_base,
        error=error,
    )


def _why(verdict: Verdict) -> str:
    failed = next(step for step in verdict.steps if step.verdict == "failed")
    return f"{failed.name}: {failed.detail}"
