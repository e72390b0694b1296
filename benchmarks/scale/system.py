"""A LiteMaaS as in a cluster: one database and replicas of `litemaas serve --role gateway` on it."""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import asyncpg
import httpx

from benchmarks import ours, proc
from benchmarks.contender import Running
from benchmarks.launch import Program, answers, free_port
from benchmarks.workload import Endpoint
from litemaas.migrations import migrate
from litemaas.storage.embedded_postgres import EmbeddedPostgres

Fill = Callable[[asyncpg.Connection], Awaitable[None]]


@dataclass(frozen=True)
class Replica:
    """A running replica.

    Attributes:
        start_seconds: from starting the program until it was ready.
    """

    url: str
    metrics_url: str
    pid: int
    start_seconds: float


class System:
    """A database and its replicas, on one CPU; ends with its block."""

    def __init__(self, cpu: int) -> None:
        self._cpu = cpu
        self.master_key = f"sk-{secrets.token_urlsafe(24)}"
        self.admin = {"username": "admin", "password": secrets.token_urlsafe(24)}
        self.salt_key = secrets.token_urlsafe(24)
        self.replicas: list[Replica] = []

    def __enter__(self) -> Self:
        """Start the database with all its tables."""
        with ExitStack() as stack:
            self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="litemaas-scale-")))
            self._folder.chmod(0o711)  # as root, PostgreSQL runs as somebody else
            postgres = EmbeddedPostgres(self._folder / "database", durable=False)
            self.database_url = postgres.start()
            stack.callback(postgres.stop)
            migrate(self.database_url)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the replicas and then the database."""
        self._stack.close()

    def fill(self, fill: Fill) -> None:
        """Let `fill` write to the database."""

        async def run() -> None:
            connection = await asyncpg.connect(self.database_url)
            try:
                await fill(connection)
                await connection.execute("ANALYZE")
            finally:
                await connection.close()

        asyncio.run(run())

    def start_replica(self) -> Replica:
        """Start one more replica and return when it is ready."""
        port, metrics_port = free_port(), free_port()
        environment = {
            "LITELLM_MASTER_KEY": self.master_key,
            "UI_USERNAME": self.admin["username"],
            "UI_PASSWORD": self.admin["password"],
            "LITEMAAS_SALT_KEY": self.salt_key,
            "LITEMAAS_DATA_DIR": str(self._folder / f"replica-{len(self.replicas)}"),
            "DATABASE_URL": self.database_url,
            "DATABASE_DIRECT_URL": "",
            "REDIS_URL": "",
        }
        options = ["--role", "gateway", "--port", str(port), "--metrics-port", str(metrics_port)]
        url, started = f"http://127.0.0.1:{port}", time.monotonic()
        log = self._folder / f"log-{len(self.replicas)}"
        program = Program([ours.COMMAND, "serve", *options], log, cpu=self._cpu, environment=environment)
        self._stack.callback(program.stop)
        program.wait_until(lambda: answers(f"{url}/health/readiness"))
        metrics_url = f"http://127.0.0.1:{metrics_port}/metrics"
        replica = Replica(url, metrics_url, program.pid, time.monotonic() - started)
        self.replicas.append(replica)
        return replica

    def manage(self, method: str, path: str, **arguments: Any) -> Any:
        """Call the management API of the first replica."""
        headers = {"Authorization": f"Bearer {self.master_key}"}
        url = f"{self.replicas[0].url}{path}"
        answer = httpx.request(method, url, headers=headers, timeout=60, **arguments)
        answer.raise_for_status()
        return answer.json()

    def issue_key(self) -> str:
        """Issue a key for all models with budget and limits."""
        return str(self.manage("POST", "/key/generate", json={"models": ["all-proxy-models"], **ours.LIMITS})["key"])

    def running(self, replica: Replica, model: str, key: str) -> Running:
        """Return a replica as a contender for whom calls and streams go to one model."""
        endpoint = Endpoint(replica.url, model, key)
        return Running(
            calls=endpoint,
            streams=endpoint,
            start_seconds=replica.start_seconds,
            gateway=lambda: proc.tree(replica.pid, proc.processes()),
            database=lambda: proc.working_in(self._folder, proc.processes(), "postgres"),
        )
