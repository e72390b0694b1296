"""Health: is the process alive, can it serve, and do the models answer?"""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from fastapi import APIRouter, Request, Response
from msgspec import Struct

from litemaas.bootstrap import Platform
from litemaas.domain.probing import Trial, Verdict, probe
from litemaas.domain.serving import ServedModel, Target
from litemaas.gateway.fast_lane.probes import LIVENESS, READINESS, Readiness, answer_probe
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, AnyPlatform
from litemaas.gateway.management.rendering import answers, render

router = APIRouter(tags=["health"])

_PROBES_AT_ONCE = 8


class EndpointHealth(Struct, kw_only=True):
    """One deployment."""

    model: str
    model_id: str
    model_group: str
    api_base: str | None
    error: str | None = None
    checked_at: datetime | None = None


class Health(Struct, kw_only=True):
    """All deployments."""

    healthy_endpoints: list[EndpointHealth]
    unhealthy_endpoints: list[EndpointHealth]
    healthy_count: int
    unhealthy_count: int


async def probe_health(request: Request, platform: AnyPlatform) -> Response:
    """200 whenever calls can be served, also while the database is away; the body tells what is degraded."""
    status, body = answer_probe(platform, request.url.path)
    return Response(body, status, media_type="application/json")


for path in LIVENESS:
    router.get(path)(probe_health)
for path in READINESS:
    router.get(path, responses=answers(Readiness))(probe_health)


@router.get("/health/latest", dependencies=ADMINISTRATORS_ONLY, responses=answers(Health))
async def latest_health(platform: AnyPlatform) -> Response:
    """What the background checks found last; those deployments that cannot be asked for free are left out."""
    known = platform.health_checks.known
    found = [
        (one, target, known[target.deployment.id])
        for one in platform.snapshot.catalog.models.values()
        for target in one.targets
        if target.deployment.id in known
    ]
    told = [(health.healthy, _told(one, target, health.error, health.checked_at)) for one, target, health in found]
    return render(_health([row for healthy, row in told if healthy], [row for healthy, row in told if not healthy]))


@router.get("/health", dependencies=ADMINISTRATORS_ONLY, responses=answers(Health))
async def health(platform: AnyPlatform, model: str | None = None) -> Response:
    """Call every deployment for real, or those of one public name: not for probes, each call costs."""
    models = [one for one in platform.snapshot.catalog.models.values() if model in {None, one.name}]
    targets = [(one, target) for one in models for target in one.targets]
    verdicts = await _probe_all(platform, targets)
    healthy = [_told(*found, None) for found, verdict in zip(targets, verdicts, strict=True) if verdict.ok]
    unhealthy = [_told(*found, _why(one)) for found, one in zip(targets, verdicts, strict=True) if not one.ok]
    return render(_health(healthy, unhealthy))


def _health(healthy: list[EndpointHealth], unhealthy: list[EndpointHealth]) -> Health:
    return Health(
        healthy_endpoints=healthy,
        unhealthy_endpoints=unhealthy,
        healthy_count=len(healthy),
        unhealthy_count=len(unhealthy),
    )


async def _probe_all(platform: Platform, targets: Iterable[tuple[ServedModel, Target]]) -> list[Verdict]:
    places = asyncio.Semaphore(_PROBES_AT_ONCE)

    async def probe_one(model: ServedModel, target: Target) -> Verdict:
        deployment = target.deployment
        trial = Trial(
            deployment.provider,
            deployment.upstream_model,
            model.group.mode,
            deployment.api_base,
            target.credential,
            deployment.settings,
        )
        async with places:
            return await probe(platform.upstreams, trial)

    return await asyncio.gather(*(probe_one(model, target) for model, target in targets))


def _told(model: ServedModel, target: Target, error: str | None, checked_at: datetime | None = None) -> EndpointHealth:
    deployment = target.deployment
    return EndpointHealth(
        model=f"{deployment.provider}/{deployment.upstream_model}",
        model_id=deployment.id,
        model_group=model.name,
        api_base=deployment.api_base,
        error=error,
        checked_at=checked_at,
    )


def _why(verdict: Verdict) -> str:
    failed = next(step for step in verdict.steps if step.verdict == "failed")
    return f"{failed.name}: {failed.detail}"
