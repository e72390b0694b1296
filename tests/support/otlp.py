"""A receiver of traces: OTLP over HTTP, as a collector speaks it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from support.gateway import ServerProcess, server_process
from support.postgres import PostgresServer
from support.upstream import Call, http, running_upstream

PATIENCE = 20.0


@dataclass
class Collector:
    """What has come.

    Attributes:
        url: For `OTEL_EXPORTER_OTLP_ENDPOINT`.
        paths: To which something was sent.
        resource: Attributes of who sent the last spans.
        received: Every request's body.
    """

    url: str = ""
    paths: set[str] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    resource: dict[str, object] = field(default_factory=dict)
    received: bytes = b""
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, call: Call) -> None:
        self.paths.add(call.path)
        self.received += call.body
        for batch in ExportTraceServiceRequest.FromString(call.body).resource_spans:
            self.resource = values(batch.resource)
            self.spans += [span for scope in batch.scope_spans for span in scope.spans]
        await call.send(http(ExportTraceServiceResponse().SerializeToString(), content_type="application/x-protobuf"))
        self._came.set()

    async def until(self, count: int) -> list[Span]:
        """The spans, as soon as there are `count`."""
        async with asyncio.timeout(PATIENCE):
            while len(self.spans) < count:
                self._came.clear()
                await self._came.wait()
        return self.spans


def values(bearer: object) -> dict[str, object]:
    """The attributes of a span or a resource."""
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in bearer.attributes}


@asynccontextmanager
async def running_collector() -> AsyncIterator[Collector]:
    collector = Collector()
    async with running_upstream(collector.answer) as server:
        collector.url = f"http://{server.address}"
        yield collector


@asynccontextmanager
async def traced_server(
    postgres: PostgresServer, folder: Path, **environment: str
) -> AsyncIterator[tuple[ServerProcess, Collector]]:
    """A gateway process on a database of its own, and the collector that it tells of its calls."""
    environment |= {"OTEL_BSP_SCHEDULE_DELAY": "20"}
    async with (
        running_collector() as collector,
        postgres.database() as url,
        server_process(url, folder, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, **environment) as server,
    ):
        yield server, collector
