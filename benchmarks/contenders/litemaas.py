"""LiteMaaS as a user runs it: `litemaas up` with its database, all features on, one virtual key with budget and limits.

After the load its books are checked: the money it charged must be the calls it served times their price.
"""

import hashlib
import importlib.metadata
import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from benchmarks import load, native, proc
from benchmarks.contender import CheckError, Contender, Running
from benchmarks.launch import Program, answers, free_port
from benchmarks.upstream import COMPLETION_TOKENS, PROMPT_TOKENS, UpstreamStub
from benchmarks.workload import RATE_500, Endpoint

COMMAND = Path(sys.executable).with_name("litemaas")
INPUT_PRICE, OUTPUT_PRICE = Decimal("1e-7"), Decimal("2e-7")
CALL_PRICE = PROMPT_TOKENS * INPUT_PRICE + COMPLETION_TOKENS * OUTPUT_PRICE
CHECK_SECONDS = 2
SPEND_LIMIT_SECONDS = 10.0
LIMITS = {"max_budget": 1_000_000, "rpm_limit": 100_000_000, "tpm_limit": 100_000_000_000}


class LiteMaaS:
    """The gateway of this repository."""

    name = "litemaas"

    def __init__(self) -> None:
        self._program: Program | None = None
        self._data = Path()
        self._load_key = self._check_key = ""

    def version(self) -> str:
        """Return the installed version and the commit."""
        if not COMMAND.exists():
            raise native.MissingToolError("litemaas is not installed; in the repository: make setup")
        commit = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=native.SOURCES, capture_output=True, text=True, check=False
        ).stdout.strip()
        return f"{importlib.metadata.version('litemaas')} {commit}".strip()

    def start(self, upstream: UpstreamStub, folder: Path, cpu: int) -> Running:
        """Start it with its own database; at the first start add two models and issue two keys."""
        port, metrics_port = free_port(), free_port()
        self._data = folder / "data"
        connection = self._data / "connection.json"
        connection.unlink(missing_ok=True)
        options = ["--no-demo", "--host", "127.0.0.1", "--port", port, "--metrics-port", metrics_port]
        command: list[str | Path] = [COMMAND, "up", *map(str, options), "--data-dir", self._data]
        started = time.monotonic()
        self._program = program = Program(command, folder / "log", cpu=cpu, environment={})
        program.wait_until(lambda: connection.exists() and answers(f"http://127.0.0.1:{port}/health/readiness"))
        start_seconds = time.monotonic() - started
        self._connection = json.loads(connection.read_bytes())
        if not self._load_key:
            self._add_model("bench", f"{upstream.url}/v1")
            self._add_model("bench-paced", f"{upstream.paced_url}/v1")
            self._load_key, self._check_key = self._issue_key(), self._issue_key()
        return Running(
            calls=Endpoint(self._connection["url"], "bench", self._load_key),
            streams=Endpoint(self._connection["url"], "bench-paced", self._load_key),
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

    def check(self, running: Running, folder: Path, completed: int) -> str:
        """Compare what was charged with the price of what was served.

        A key of its own makes calls of which none is cut off: they must cost their price to the last decimal. The key
        that carried the load must have been charged at least for every call that was completed; for the calls under way
        when a load ended it may have been charged what they produced.
        """
        endpoint = Endpoint(running.calls.url, running.calls.model, self._check_key)
        calls = load.send(RATE_500, endpoint, CHECK_SECONDS, folder)
        if calls.errors:
            raise CheckError(f"{calls.errors} of the calls sent to check the spend failed")
        expected = calls.completed * CALL_PRICE
        deadline = time.monotonic() + SPEND_LIMIT_SECONDS
        while (spend := self._spend(self._check_key)) != expected:
            if time.monotonic() > deadline:
                raise CheckError(f"{calls.completed} calls cost {expected} but {spend} was charged")
            time.sleep(0.05)
        charged, owed = self._spend(self._load_key), completed * CALL_PRICE
        if charged < owed:
            raise CheckError(f"{completed} calls of the load cost {owed} but {charged} was charged")
        return (
            f"{calls.completed} calls cost {expected} USD, exactly what was charged; the {completed} completed "
            f"calls of the load cost {owed} USD, and {charged} was charged with those that the load cut off"
        )

    def _database(self) -> set[int]:
        return proc.working_in(self._data, proc.processes(), "postgres")

    def _gateway(self, root: int) -> set[int]:
        everything = proc.processes()
        return {pid for pid in proc.tree(root, everything) if everything[pid].program != "postgres"}

    def _manage(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        answer = httpx.request(
            method,
            f"{self._connection['url']}{path}",
            headers={"Authorization": f"Bearer {self._connection['master_key']}"},
            timeout=30,
            **arguments,
        )
        answer.raise_for_status()
        decoded: dict[str, Any] = json.loads(answer.content, parse_float=Decimal)
        return decoded

    def _add_model(self, name: str, api_base: str) -> None:
        parameters = {
            "model": "openai/bench-model",
            "api_base": api_base,
            "api_key": "stub",
            "input_cost_per_token": float(INPUT_PRICE),
            "output_cost_per_token": float(OUTPUT_PRICE),
        }
        model = {"model_name": name, "litellm_params": parameters, "model_info": {"mode": "chat"}}
        self._manage("POST", "/model/new", json=model)

    def _issue_key(self) -> str:
        grant = {"models": ["bench", "bench-paced"], "user_id": "bench@example.com", **LIMITS}
        return str(self._manage("POST", "/key/generate", json=grant)["key"])

    def _spend(self, key: str) -> Decimal:
        # Named by its hash: a key does not belong in a URL.
        info = self._manage("GET", "/key/info", params={"key": hashlib.sha256(key.encode()).hexdigest()})["info"]
        return Decimal(info["spend"])


def create() -> Contender:
    """Return this contender."""
    return LiteMaaS()
