"""One server process: composes the edges by role, serves, drains.

Started by `litemaas serve` and, several at once, by `litemaas up`, which pass on what they have opened: the listening
socket, and a pipe on which this process says that it can serve.
"""

import argparse
import asyncio
import contextlib
import ctypes
import gc
import json
import logging
import os
import resource
import signal
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from functools import partial
from typing import TYPE_CHECKING

import uvloop

from litemaas.bootstrap import Platform, StartError, open_platform
from litemaas.gateway.batches.watching import BatchWatch
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.fast_lane.anteroom import Anteroom
from litemaas.gateway.fast_lane.connection import Connection, Lane
from litemaas.gateway.fast_lane.probes import answer_probe
from litemaas.gateway.guardrails.keeping import keep_guarded
from litemaas.gateway.telemetry.metrics import serve_metrics
from litemaas.logs import set_up_logging
from litemaas.portal.identity.choice import chosen_providers
from litemaas.settings import Settings, SettingsError, TracingSettings, read_settings

if TYPE_CHECKING:
    from litemaas.gateway.calls.interceptors import Interceptor
    from litemaas.gateway.slow_lane.protocol import UvicornLane
    from litemaas.gateway.telemetry.tracing import CallTracer
    from litemaas.storage.answer_store import AnswerStore

_BACKLOG = 2048
_SWEEP_SECONDS = 0.5
_LATE_SECONDS = 0.5  # for requests on their way to us when we are told to end: who sends them cannot know
_THREADS = 128  # at most; a call through Amazon's library has one for itself
_NEW_OBJECTS = 20_000  # that a collection waits for
_PR_SET_PDEATHSIG = 1

_log = logging.getLogger("litemaas.server")


def main() -> None:
    """Run the process until SIGTERM."""
    options = _parse()
    _allow_many_connections()
    if options.parent_pid:
        _die_with(options.parent_pid)
    try:
        settings = read_settings()
        set_up_logging(settings.server.log_level)
        uvloop.run(_serve(options, settings))
    except (StartError, SettingsError) as error:
        _report(options.ready_fd, {"error": str(error)})
        sys.exit(f"litemaas: {error}")


async def _serve(options: argparse.Namespace, settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(_THREADS, "worker"))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if options.role == "frontend":
        await _serve_frontend(options, settings, stop)
        return
    chosen_providers(settings.login)
    async with open_platform(settings) as platform:
        gateway = Gateway(
            settings, platform.admissions, platform.journal, platform.upstreams, platform.objects, platform.shares
        )
        platform.health_checks.guide(gateway.router)
        if platform.answers is not None:
            gateway.interceptors = (*gateway.interceptors, _response_cache(platform.answers))
        keep_guarded(gateway, platform)
        tracer = _call_tracer(settings.tracing)
        if tracer is not None:
            gateway.observers = (*gateway.observers, tracer)
            if tracer.attempts is not None:
                gateway.attempt_tracing = tracer.attempts.begin
        slow_lane = Anteroom(partial(_load_application, options.role, platform, gateway))
        if options.role != "gateway":
            slow_lane.open()
        lane = Lane(gateway, slow_lane, partial(answer_probe, platform, application=slow_lane))
        protocol = slow_lane if options.role == "backend" else partial(Connection, lane)
        listener = await loop.create_server(protocol, sock=_listen(options), backlog=_BACKLOG)
        if options.metrics_port:
            _serve_metrics(options, platform, gateway)
        batches = BatchWatch(gateway, platform.pool, platform.snapshot, settings.health.batch_check_seconds)
        watching = asyncio.create_task(batches.run())
        sweeping = asyncio.create_task(_sweep(lane))
        _spare_collections()
        _report(options.ready_fd, {"ready": True})
        await stop.wait()
        platform.draining = True
        watching.cancel()
        lane.drain()
        await asyncio.sleep(_LATE_SECONDS)
        listener.close()
        lane.close_unused()
        await gateway.drain(settings.server.drain_seconds)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(settings.server.drain_seconds):
                await slow_lane.drain()
        sweeping.cancel()
        if tracer is not None:
            await asyncio.to_thread(tracer.close)


def _allow_many_connections() -> None:
    """Open as many files as we may at all: a call needs two, and many systems allow 1,024 unless a process asks."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _spare_collections() -> None:
    """Let the garbage collector leave alone what lives as long as the process, and look seldom at the rest.

    Calls free their memory themselves when they end; every twentieth of the gateway's time went into looking.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


def _response_cache(answers: "AnswerStore") -> "Interceptor":
    from litemaas.gateway.cache.interceptor import ResponseCache  # noqa: PLC0415 - only with a REDIS_URL

    return ResponseCache(answers)


def _call_tracer(settings: TracingSettings) -> "CallTracer | None":
    if not settings.otlp_endpoint:
        return None
    try:
        from litemaas.gateway.telemetry.tracing import CallTracer  # noqa: PLC0415 - large, and only needed for traces
    except ImportError as error:
        raise StartError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry's packages are missing: install litemaas[otel]."
        ) from error
    return CallTracer(settings.otlp_endpoint, settings.told_hosts)


def _load_application(role: str, platform: Platform, gateway: Gateway) -> "UvicornLane":
    """Import the FastAPI application: a replica that only serves models never needs it."""
    from litemaas.gateway.app import create_app  # noqa: PLC0415 - see above
    from litemaas.gateway.inference import inference_routes  # noqa: PLC0415
    from litemaas.gateway.playground import Playground  # noqa: PLC0415
    from litemaas.gateway.slow_lane.protocol import UvicornLane  # noqa: PLC0415
    from litemaas.portal.app import add_portal  # noqa: PLC0415

    serves_programs = role != "backend"
    app = create_app(platform, management=serves_programs)
    if serves_programs:
        app.router.routes[:0] = inference_routes(gateway)
    add_portal(app, platform, Playground(gateway))
    return UvicornLane(app)


async def _serve_frontend(options: argparse.Namespace, settings: Settings, stop: asyncio.Event) -> None:
    """Serve the web UI's files: this role knows no database and no key."""
    from litemaas.gateway.slow_lane.protocol import UvicornLane  # noqa: PLC0415 - the other roles may not need it
    from litemaas.portal.static import create_frontend  # noqa: PLC0415

    lane = UvicornLane(create_frontend(settings.portal))
    listener = await asyncio.get_running_loop().create_server(lane, sock=_listen(options), backlog=_BACKLOG)
    _report(options.ready_fd, {"ready": True})
    await stop.wait()
    listener.close()
    lane.shut_down()
    await lane.drain()


def _serve_metrics(options: argparse.Namespace, platform: Platform, gateway: Gateway) -> None:
    host = platform.settings.server.metrics_host
    try:
        serve_metrics(host, options.metrics_port, platform, gateway)
    except OSError as error:
        raise StartError(f"Port {options.metrics_port} is taken: name another one with --metrics-port.") from error


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="litemaas.server")
    parser.add_argument("--role", choices=("all", "gateway", "backend", "frontend"), default="all")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=4000)
    parser.add_argument("--listen-fd", type=int)
    parser.add_argument("--ready-fd", type=int)
    parser.add_argument("--metrics-port", type=int, default=0)
    parser.add_argument("--parent-pid", type=int)
    return parser.parse_args()


def _listen(options: argparse.Namespace) -> socket.socket:
    if options.listen_fd is not None:
        return socket.socket(fileno=options.listen_fd)
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    try:
        return socket.create_server((options.host, options.port), family=family, backlog=_BACKLOG)
    except OSError as error:
        where = f"{options.host}:{options.port}"
        raise StartError(f"Cannot listen on {where} ({error.strerror}): name another --host or --port.") from error


async def _sweep(lane: Lane) -> None:
    while True:
        lane.sweep(time.monotonic(), f"date: {formatdate(usegmt=True)}\r\n".encode())
        await asyncio.sleep(_SWEEP_SECONDS)


def _report(descriptor: int | None, message: dict[str, object]) -> None:
    if descriptor is not None:
        with contextlib.suppress(OSError):
            os.write(descriptor, json.dumps(message).encode() + b"\n")
            os.close(descriptor)


def _die_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("litemaas: the process that started this one is gone")


if __name__ == "__main__":
    main()
