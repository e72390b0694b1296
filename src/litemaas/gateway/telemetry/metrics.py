"""Hands the counters to Prometheus, on a port of its own that no Route leads to.

Labels are bounded: model groups are the administrators', statuses and error codes are ours. No key, user or team is
a label.
"""

import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from litemaas.bootstrap import Platform
from litemaas.domain.sharing import WAYS
from litemaas.gateway.calls.counters import LATENCY_BOUNDS, Histogram
from litemaas.gateway.calls.gateway import Gateway


def serve_metrics(host: str, port: int, platform: Platform, gateway: Gateway) -> None:
    """Serve `/metrics` from a thread.

    Raises:
        OSError: The port is taken.
    """
    registry = CollectorRegistry()
    registry.register(GatewayCollector(platform, gateway))
    start_http_server(port, host, registry)


class GatewayCollector(Collector):
    """Reads the counters when Prometheus asks."""

    def __init__(self, platform: Platform, gateway: Gateway) -> None:
        self._platform = platform
        self._gateway = gateway

    def collect(self) -> Iterator[Metric]:
        """All metrics of this process."""
        yield from self._calls()
        yield from self._models()
        yield from self._guardrails()
        yield from self._lines()
        yield from self._state()

    def _calls(self) -> Iterator[Metric]:
        counters = self._gateway.counters
        refused = CounterMetricFamily("litemaas_refused_calls", "Calls that were not admitted.", labels=["code"])
        for code, count in list(counters.refused.items()):
            refused.add_metric([code], count)
        yield refused
        yield GaugeMetricFamily("litemaas_calls_in_flight", "Calls that are not ended.", len(self._gateway.calls))
        yield CounterMetricFamily(
            "litemaas_calls_above_hold",
            "Calls that cost more than their hold: an upstream ignores its bounds.",
            counters.above_hold,
        )
        yield CounterMetricFamily(
            "litemaas_journal_failures",
            "Calls refused because their record could not be written.",
            counters.journal_failures,
        )

    def _models(self) -> Iterator[Metric]:
        calls = CounterMetricFamily("litemaas_calls", "Calls that were sent to a model.", labels=["model", "status"])
        tokens = CounterMetricFamily("litemaas_tokens", "Tokens used.", labels=["model", "direction"])
        cost = CounterMetricFamily("litemaas_cost_dollars", "What calls have cost.", labels=["model"])
        duration = HistogramMetricFamily("litemaas_call_seconds", "From admission to the end.", labels=["model"])
        first = HistogramMetricFamily(
            "litemaas_first_byte_seconds", "From admission to the first byte of the answer.", labels=["model"]
        )
        estimated = 0
        for model, counters in self._gateway.counters.models().items():
            estimated += counters.estimated
            for status, count in list(counters.statuses.items()):
                calls.add_metric([model, str(status)], count)
            tokens.add_metric([model, "input"], counters.input_tokens)
            tokens.add_metric([model, "output"], counters.output_tokens)
            cost.add_metric([model], float(counters.cost))
            duration.add_metric([model], _buckets(counters.duration), counters.duration.sum / 1000)
            first.add_metric([model], _buckets(counters.first_byte), counters.first_byte.sum / 1000)
        guessed = CounterMetricFamily(
            "litemaas_calls_estimated", "Calls whose usage the upstream did not tell.", estimated
        )
        return iter((calls, tokens, cost, duration, first, guessed))

    def _lines(self) -> Iterator[Metric]:
        calls = GaugeMetricFamily(
            "litemaas_calls_waiting", "Calls in line for a deployment that serves as many as it may.", labels=["model"]
        )
        tenants = GaugeMetricFamily(
            "litemaas_tenants_waiting", "Teams, users or keys whose calls stand in line.", labels=["model"]
        )
        waiting = self._gateway.router.waiting()
        for model in {*waiting, *self._gateway.counters.models()}:
            in_line, of_tenants = waiting.get(model, (0, 0))
            calls.add_metric([model], in_line)
            tenants.add_metric([model], of_tenants)
        return iter((calls, tenants))

    def _guardrails(self) -> Iterator[Metric]:
        tally = self._platform.guardrail_tally
        findings = CounterMetricFamily(
            "litemaas_guardrail_findings", "What guardrails found.", labels=["guardrail", "action", "side"]
        )
        for labels, count in list(tally.findings.items()):
            findings.add_metric(labels, count)
        failures = CounterMetricFamily(
            "litemaas_guardrail_failures", "Texts that a guardrail could not read.", labels=["guardrail"]
        )
        for name, count in list(tally.failures.items()):
            failures.add_metric([name], count)
        return iter((findings, failures))

    def _state(self) -> Iterator[Metric]:
        platform = self._platform
        yield GaugeMetricFamily(
            "litemaas_journal_unshipped_bytes", "Records that only this disk has.", platform.journal.unsafe_bytes
        )
        yield GaugeMetricFamily(
            "litemaas_snapshot_age_seconds",
            "Since the database last said that nothing is missing.",
            time.monotonic() - platform.snapshot.confirmed_at,
        )
        yield GaugeMetricFamily("litemaas_snapshot_keys", "Virtual keys known.", len(platform.snapshot.keys))
        leases = list(platform.budgets.leases.values())
        yield GaugeMetricFamily(
            "litemaas_leased_dollars",
            "Budget money that this process may spend without asking.",
            float(sum(lease.amount for lease in leases)),
        )
        way = GaugeMetricFamily(
            "litemaas_rate_limits_counted",
            "1 for the way in which this process counts rate limits.",
            labels=["way"],
        )
        for name in WAYS:
            way.add_metric([name], int(platform.sharing.way == name))
        yield way
        yield GaugeMetricFamily(
            "litemaas_redis_away", "1 while Redis is set up and does not answer.", int(platform.sharing.misses_redis)
        )
        if platform.answers is not None:
            found = CounterMetricFamily("litemaas_cache_lookups", "Looks into the response cache.", labels=["result"])
            found.add_metric(["hit"], platform.answers.hits)
            found.add_metric(["miss"], platform.answers.misses)
            yield found
        yield GaugeMetricFamily(
            "litemaas_database_away", "1 while spend cannot be shipped.", int(platform.shipper.database_away)
        )
        yield GaugeMetricFamily(
            "litemaas_journal_bound_bytes",
            "Size of the journal at which calls get 503.",
            platform.settings.journal.journal_max_bytes,
        )
        yield CounterMetricFamily(
            "litemaas_records_lost", "Records that cannot be read: their cost is booked nowhere.", platform.shipper.lost
        )
        yield from self._deployments()

    def _deployments(self) -> Iterator[Metric]:
        healthy = GaugeMetricFamily(
            "litemaas_deployment_healthy", "1 if the upstream answered when asked last.", labels=["model", "deployment"]
        )
        resting = GaugeMetricFamily(
            "litemaas_deployment_resting",
            "1 while this process leaves the deployment alone because calls failed there.",
            labels=["model", "deployment"],
        )
        known, router = self._platform.health_checks.known, self._gateway.router
        for model in list(self._platform.snapshot.catalog.models.values()):
            for target in model.targets:
                labels = [model.name, target.deployment.id]
                health = known.get(target.deployment.id)
                if health is not None:
                    healthy.add_metric(labels, int(health.healthy))
                resting.add_metric(labels, int(router.is_resting(target.deployment.id)))
        return iter((healthy, resting))


def _buckets(histogram: Histogram) -> list[tuple[str, float]]:
    total = 0
    buckets = []
    for bound, count in zip((*map(str, LATENCY_BOUNDS), "+Inf"), histogram.buckets, strict=True):
        total += count
        buckets.append((bound, float(total)))
    return buckets
