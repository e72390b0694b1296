"""LiteMaaS as a user runs it: `litemaas up` with its database, all features on, one virtual key with budget and limits.

After the load its books are checked.
"""

import json
import os
import signal
import time
from pathlib import Path

from benchmarks import ours, proc
from benchmarks.contender import Contender, Running
from benchmarks.launch import Program, answers, free_port
from benchmarks.upstream import UpstreamStub
from benchmarks.workload import CELLS


class LiteMaaS:
    """The gateway of this repository."""

    name = "litemaas"
    is_peer = False
    cells = CELLS

    def __init__(self) -> None:
        self._program: Program | None = None
        self._data = Path()
        self._books: ours.Books | None = None

    def prepare(self) -> str:
        """Return the installed version and the commit."""
        return ours.installed_version()

    def start(self, upstream: UpstreamStub, folder: Path, cpu: int) -> Running:
        """Start it with its own database; at the first start add two models and issue two keys."""
        port, metrics_port = free_port(), free_port()
        self._data = folder / "data"
        connection = self._data / "connection.json"
        connection.unlink(missing_ok=True)
        options = ["--no-demo", "--host", "127.0.0.1", "--port", port, "--metrics-port", metrics_port]
        command: list[str | Path] = [ours.COMMAND, "up", *map(str, options), "--data-dir", self._data]
        started = time.monotonic()
        self._program = program = Program(command, folder / "log", cpu=cpu, environment={})
        program.wait_until(lambda: connection.exists() and answers(f"http://127.0.0.1:{port}/health/readiness"))
        start_seconds = time.monotonic() - started
        connected = json.loads(connection.read_bytes())
        if self._books is None:
            self._books = ours.Books(connected["url"], connected["master_key"], upstream)
        self._books.moved(connected["url"])
        return Running(
            calls=self._books.endpoint(ours.CALLS),
            streams=self._books.endpoint(ours.STREAMS),
            start_seconds=start_seconds,
            gateway=lambda: self._gateway(program.pid),
            database=self._database,
        )

    def stop(self) -> None:
        """End it; it ends its database, and what it could not end is ended here."""
        if self._program:
            self._program.stop()
            for pid in self._database():
                os.kill(pid, signal.SIGKILL)

    def check(self, running: Running, folder: Path, completed: int) -> str:  # noqa: ARG002  the same for all
        """Compare what was charged with the price of what was served."""
        assert self._books is not None
        return self._books.check(folder, completed)

    def _database(self) -> set[int]:
        return proc.working_in(self._data, proc.processes(), "postgres")

    def _gateway(self, root: int) -> set[int]:
        everything = proc.processes()
        return {pid for pid in proc.tree(root, everything) if everything[pid].program != "postgres"}


def create() -> Contender:
    """Return this contender."""
    return LiteMaaS()
