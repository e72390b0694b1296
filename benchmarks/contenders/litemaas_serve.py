"""LiteMaaS as a replica in a cluster: `litemaas serve --role gateway` on a database that is already there.

It shows what a replica needs that only serves models, and how fast it starts; per call it costs what `up` costs.
"""

import secrets
import time
from pathlib import Path

from benchmarks import ours, proc
from benchmarks.contender import Contender, Running
from benchmarks.launch import Program, answers, free_port
from benchmarks.upstream import UpstreamStub
from benchmarks.workload import CALLS_32, RATE_500, STREAMS_32
from litemaas.migrations import migrate
from litemaas.storage.embedded_postgres import EmbeddedPostgres


class Serve:
    """One replica of the role `gateway`."""

    name = "litemaas_serve"
    is_peer = False
    cells = (CALLS_32, STREAMS_32, RATE_500)

    def __init__(self) -> None:
        self._program: Program | None = None
        self._postgres: EmbeddedPostgres | None = None
        self._books: ours.Books | None = None
        self._environment: dict[str, str] = {}

    def prepare(self) -> str:
        """Return the installed version and the commit."""
        return ours.installed_version()

    def start(self, upstream: UpstreamStub, folder: Path, cpu: int) -> Running:
        """Start it; the first time after its database, and add two models and issue two keys."""
        database = folder / "database"
        self._postgres = EmbeddedPostgres(database)
        url = self._postgres.start()
        migrate(url)
        self._environment = self._environment or {
            "LITELLM_MASTER_KEY": f"sk-{secrets.token_urlsafe(24)}",
            "LITEMAAS_SALT_KEY": secrets.token_urlsafe(24),
            "LITEMAAS_DATA_DIR": str(folder / "data"),
        }
        environment = self._environment | {"DATABASE_URL": url, "DATABASE_DIRECT_URL": "", "REDIS_URL": ""}
        port, metrics_port = free_port(), free_port()
        address = f"http://127.0.0.1:{port}"
        options = ["--role", "gateway", "--port", str(port), "--metrics-port", str(metrics_port)]
        started = time.monotonic()
        self._program = program = Program(
            [ours.COMMAND, "serve", *options], folder / "log", cpu=cpu, environment=environment
        )
        program.wait_until(lambda: answers(f"{address}/health/readiness"))
        start_seconds = time.monotonic() - started
        if self._books is None:
            self._books = ours.Books(address, environment["LITELLM_MASTER_KEY"], upstream)
        self._books.moved(address)
        return Running(
            calls=self._books.endpoint(ours.CALLS),
            streams=self._books.endpoint(ours.STREAMS),
            start_seconds=start_seconds,
            gateway=lambda: proc.tree(program.pid, proc.processes()),
            database=lambda: proc.working_in(database, proc.processes(), "postgres"),
        )

    def stop(self) -> None:
        """End it and then its database."""
        if self._program:
            self._program.stop()
        if self._postgres:
            self._postgres.stop()

    def check(self, running: Running, folder: Path, completed: int) -> str:  # noqa: ARG002  the same for all
        """Compare what was charged with the price of what was served."""
        assert self._books is not None
        return self._books.check(folder, completed)


def create() -> Contender:
    """Return this contender."""
    return Serve()
