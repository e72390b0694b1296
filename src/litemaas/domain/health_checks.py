"""Background health checks: one replica asks every upstream whether it answers, all replicas act on it.

The question costs nothing anywhere: it is for the list of models, or for a sign of life (`free_questions`). An upstream
that serves many deployments with one credential is asked once. What does not answer rests: the routers of all replicas
prefer others until it does.
"""

import asyncio
import logging
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

import asyncpg

from litemaas.domain.health.entities import DeploymentHealth, Finding, judge
from litemaas.domain.health.store import load_health, save_health
from litemaas.domain.notices.entities import Event, Occurrence
from litemaas.domain.notices.outbox import announce
from litemaas.domain.probing import Trial, find_fault, question_for
from litemaas.domain.replicas.duties import take_turn
from litemaas.domain.router import Router
from litemaas.domain.serving import ServedModel, Target
from litemaas.domain.snapshot import Snapshot
from litemaas.providers.free_questions import Question
from litemaas.providers.upstream import Upstreams
from litemaas.settings import Secret
from litemaas.storage.postgres import PASSING_ERRORS, Pool

_DUTY = "health checks"
_LOOK_SECONDS = 5.0
_REST_SECONDS = 3 * _LOOK_SECONDS
_ASKED_AT_ONCE = 16

_log = logging.getLogger(__name__)


class _Upstream(NamedTuple):
    question: Question
    credential: Secret | None


class HealthChecks:
    """What this replica knows of the deployments' health, and its part in finding out.

    Args:
        every_seconds: How often each upstream is asked, by whichever replica; 0: never.

    Attributes:
        known: By deployment; those that cannot be asked are not in it.
        unhealthy: Deployments that are served and do not answer.
    """

    def __init__(self, pool: Pool, snapshot: Snapshot, upstreams: Upstreams, every_seconds: float) -> None:
        self.known: dict[str, DeploymentHealth] = {}
        self.unhealthy: list[DeploymentHealth] = []
        self._pool = pool
        self._snapshot = snapshot
        self._upstreams = upstreams
        self._every_seconds = every_seconds
        self._routers: list[Router] = []

    def guide(self, router: Router) -> None:
        """Let `router` prefer others to deployments that do not answer."""
        self._routers.append(router)

    async def run(self) -> None:
        """Check when it is our turn, and learn what others found, for ever."""
        while self._every_seconds:
            await asyncio.sleep(min(_LOOK_SECONDS, self._every_seconds))
            try:
                async with self._pool.acquire() as connection:
                    ours = await take_turn(connection, _DUTY, self._every_seconds)
                if ours:
                    await self.check()
                await self.learn()
            except PASSING_ERRORS:
                pass  # what is known stays; deployments that rest wake up by themselves
            except asyncpg.PostgresError:
                _log.exception("what was found of deployments cannot be stored")

    async def check(self) -> None:
        """Ask every upstream, store what was found, and announce what has changed."""
        targets = self._targets()
        findings = await self._ask({target for _, target in targets})
        names = {target.deployment.id: model.name for model, target in targets}
        moment = datetime.now(UTC)
        async with self._pool.acquire() as connection, connection.transaction():
            before = await load_health(connection)
            after = [judge(before.get(one.deployment_id), one, moment) for one in findings]
            await save_health(connection, after)
            for health in after:
                known = before.get(health.deployment_id)
                if health.healthy != (known is None or known.healthy):
                    await announce(connection, _change(health, names[health.deployment_id]))

    async def learn(self) -> None:
        """Read what was found last, by whichever replica, and let what does not answer rest."""
        async with self._pool.acquire() as connection:
            self.known = await load_health(connection)
        until, silent = time.monotonic() + _REST_SECONDS, []
        for _, target in self._targets():
            health = self.known.get(target.deployment.id)
            if health is not None and not health.healthy:
                silent.append(health)
                for router in self._routers:
                    router.state(target).rest_until(until)
        self.unhealthy = silent

    def _targets(self) -> list[tuple[ServedModel, Target]]:
        return [(model, target) for model in self._snapshot.catalog.models.values() for target in model.targets]

    async def _ask(self, targets: Iterable[Target]) -> list[Finding]:
        by_upstream: dict[_Upstream, list[Target]] = {}
        for target in targets:
            question = question_for(_trial(target))
            if question is not None:
                by_upstream.setdefault(_Upstream(question, target.credential), []).append(target)
        places = asyncio.Semaphore(_ASKED_AT_ONCE)

        async def ask(upstream: _Upstream, served: list[Target]) -> list[Finding]:
            async with places:
                began = time.monotonic()
                fault = await find_fault(self._upstreams, _trial(served[0]), upstream.question)
                latency_ms = round((time.monotonic() - began) * 1000)
            return [Finding(one.deployment.id, fault, latency_ms) for one in served]

        found = await asyncio.gather(*(ask(upstream, served) for upstream, served in by_upstream.items()))
        return sorted((one for some in found for one in some), key=lambda one: one.deployment_id)


def _trial(target: Target) -> Trial:
    deployment = target.deployment
    return Trial(
        deployment.provider,
        deployment.upstream_model,
        "",
        deployment.api_base,
        target.credential,
        deployment.settings,
    )


def _change(health: DeploymentHealth, model: str) -> Occurrence:
    event = Event.DEPLOYMENT_HEALTHY if health.healthy else Event.DEPLOYMENT_UNHEALTHY
    told = "answers again" if health.healthy else f"does not answer: {health.error}"
    return Occurrence(
        event=event,
        subject=f"deployment:{health.deployment_id}",
        occasion=health.since.isoformat(),
        message=f"The deployment {health.deployment_id} of {model} {told}",
        details={"model": model, "deployment_id": health.deployment_id, "error": health.error},
    )
