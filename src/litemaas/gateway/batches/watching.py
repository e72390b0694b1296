"""Books batches that are over also when nobody asks for them: one replica asks their upstreams, for all.

It stands on nothing of the slow lane, so that a replica that only serves models need not import that.
"""

import asyncio
import logging
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec

from litemaas.domain.errors import LiteMaaSError
from litemaas.domain.replicas.duties import take_turn
from litemaas.domain.serving import Target
from litemaas.domain.snapshot import Snapshot
from litemaas.domain.upstream_objects.entities import UpstreamObject
from litemaas.gateway.batches.kept_paths import path_of
from litemaas.gateway.batches.settling import Batch, settle
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.calls.upstream_requests import ask
from litemaas.providers.errors import UpstreamError
from litemaas.storage.postgres import PASSING_ERRORS, Pool

_DUTY = "batches"
_LOOK_SECONDS = 5.0
_MOST_A_ROUND = 500
_DEPLOYMENTS_AT_ONCE = 8
_OK_BELOW = 300
_GIVEN_UP_AFTER = timedelta(days=30)
"""OpenAI runs a batch for at most a day, and keeps its results for thirty."""

_log = logging.getLogger(__name__)


class BatchWatch:
    """This replica's part in it.

    Args:
        every_seconds: How often each batch that is not over is asked for, by whichever replica.
    """

    def __init__(self, gateway: Gateway, pool: Pool, snapshot: Snapshot, every_seconds: float) -> None:
        self._gateway = gateway
        self._pool = pool
        self._snapshot = snapshot
        self._every_seconds = every_seconds

    async def run(self) -> None:
        """Look for ever."""
        while self._every_seconds:
            await asyncio.sleep(min(_LOOK_SECONDS, self._every_seconds))
            try:
                async with self._pool.acquire() as connection:
                    ours = await take_turn(connection, _DUTY, self._every_seconds)
                if ours:
                    await self.look()
            except PASSING_ERRORS:
                pass  # next time
            except asyncpg.PostgresError:
                _log.exception("batches cannot be looked after")

    async def look(self) -> None:
        """Ask for the batches that are not settled, one after the other at each deployment."""
        by_deployment: dict[str, list[UpstreamObject]] = defaultdict(list)
        for thing in await self._gateway.objects.unsettled(_MOST_A_ROUND):
            by_deployment[thing.deployment_id].append(thing)
        targets = {
            target.deployment.id: target
            for model in self._snapshot.catalog.models.values()
            for target in model.targets
            if target.deployment.id in by_deployment
        }
        places = asyncio.Semaphore(_DEPLOYMENTS_AT_ONCE)

        async def look_at(target: Target) -> None:
            async with places:
                for thing in by_deployment[target.deployment.id]:
                    await self._settle_if_over(thing, target)

        await asyncio.gather(*map(look_at, targets.values()))

    async def _settle_if_over(self, thing: UpstreamObject, target: Target) -> None:
        try:
            answer = await ask(self._gateway, target, "GET", path_of("batch", thing.id))
            if answer.status < _OK_BELOW:
                batch = msgspec.json.decode(answer.body, type=Batch)
                if batch.is_over():
                    await settle(self._gateway, thing, target, batch)
                return
            reason = f"status {answer.status}"
        except (UpstreamError, LiteMaaSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            reason = type(error).__name__
        if datetime.now(UTC) - thing.created_at > _GIVEN_UP_AFTER:
            _log.error("the batch %s of %s is booked nowhere: %s", thing.id, target.deployment.id, reason)
            await self._gateway.objects.settle(thing)
        else:
            _log.info("the batch %s of %s cannot be looked after: %s", thing.id, target.deployment.id, reason)
