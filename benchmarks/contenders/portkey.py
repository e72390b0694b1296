"""Portkey's open-source gateway: forwards as the headers of a call say. It knows no keys, budgets or prices.

Its server library is held back (`peers/portkey/package.json`): with the one that its package allows today, it answers
every stream with status 500.
"""

import json
import time
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import installing, native, proc
from benchmarks.contender import Contender, OneProgram, Running
from benchmarks.launch import Program, answers, free_port
from benchmarks.upstream import UpstreamStub
from benchmarks.workload import SLOW_CELLS, Endpoint

PACKAGE = "@portkey-ai/gateway"
LOOPBACK = installing.PEERS / "portkey" / "loopback.cjs"


class Portkey(OneProgram):
    """Portkey from its package, at the version of `peers/portkey`."""

    name = "portkey"
    is_peer = True
    cells = SLOW_CELLS

    def __init__(self) -> None:
        super().__init__()
        self._package = Path()

    def prepare(self) -> str:
        """Install it where only the benchmark finds it."""
        self._package = installing.node_modules(self.name) / PACKAGE
        return str(json.loads((self._package / "package.json").read_bytes())["version"])

    def start(self, upstream: UpstreamStub, folder: Path, cpu: int) -> Running:
        """Start it; where to forward to is said with each call."""
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        program_file = self._package / "build" / "start-server.js"
        command: list[str | Path] = [native.require("node"), "--require", LOOPBACK, program_file, "--headless"]
        environment = {"NODE_ENV": "production", "TRUSTED_CUSTOM_HOSTS": str(urlsplit(upstream.url).hostname)}
        started = time.monotonic()
        self.program = program = Program([*command, f"--port={port}"], folder / "log", cpu=cpu, environment=environment)
        program.wait_until(lambda: answers(f"{url}/"))

        def endpoint(base: str) -> Endpoint:
            headers = {"x-portkey-provider": "openai", "x-portkey-custom-host": f"{base}/v1"}
            return Endpoint(url, "bench-model", "none", headers)

        return Running(
            calls=endpoint(upstream.url),
            streams=endpoint(upstream.paced_url),
            start_seconds=time.monotonic() - started,
            gateway=lambda: proc.tree(program.pid, proc.processes()),
        )


def create() -> Contender:
    """Return this contender."""
    return Portkey()
