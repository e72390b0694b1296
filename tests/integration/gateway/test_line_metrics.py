"""What Prometheus is told of the line before busy deployments, and of deployments at rest."""

import asyncio

import pytest

from litemaas.gateway.telemetry.metrics import GatewayCollector
from support.fleet import failing, fleet, nothing_held, router_of
from support.gateway import InProcess
from support.upstream import hanging, raw

pytestmark = pytest.mark.xdist_group("gateway_line_metrics")


def told(gateway: InProcess, metric: str, **labels: str) -> float | None:
    """The value of a sample."""
    collector = GatewayCollector(gateway.platform, gateway.lane.gateway)
    samples = [sample for family in collector.collect() for sample in family.samples if sample.name == metric]
    return next((sample.value for sample in samples if sample.labels.items() >= labels.items()), None)


async def test_calls_in_line_are_told_by_model_and_how_many_tenants_they_are_of(gateway):
    async with fleet(gateway, {"max_parallel_requests": 1}) as model:
        one, other = await gateway.rows.key(), await gateway.rows.key()
        model.upstreams[0].script = hanging()
        asking = [asyncio.ensure_future(model.ask(key)) for key in (one, one, one, other)]
        await model.until_waiting(3)
        assert told(gateway, "litemaas_calls_waiting", model=model.name) == 3
        assert told(gateway, "litemaas_tenants_waiting", model=model.name) in {
            1,
            2,
        }  # whose call came first is not said
        for call in asking:
            call.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        await nothing_held(gateway)
        assert told(gateway, "litemaas_calls_waiting", model=model.name) == 0


async def test_looking_at_a_deployment_leaves_nothing_behind(gateway):
    async with fleet(gateway, {}) as model:
        await gateway.rows.key()
        labels = {"model": model.name, "deployment": model.deployment(0)}
        assert told(gateway, "litemaas_deployment_resting", **labels) == 0
        assert model.deployment(0) not in router_of(gateway)._states


async def test_a_deployment_at_rest_is_told(gateway):
    async with fleet(gateway, {}, {}, allowed_fails=0, cooldown_seconds=60) as model:
        key = await gateway.rows.key()
        model.upstreams[0].script = failing()
        model.upstreams[1].script = raw(b"", close=True)
        await model.ask(key)
        assert told(gateway, "litemaas_deployment_resting", deployment=model.deployment(0)) == 1
