"""LiteLLM's proxy with the settings that its guide names for production, one worker, without a database.

Its database mode, and with it virtual keys, budgets and a record of the spend, needs query engines that are in no
package. So it knows one master key here and does less for a call than LiteMaaS; it prices calls, as LiteMaaS does.
"""

import importlib.metadata
import secrets
import time
from pathlib import Path

import yaml

from benchmarks import installing, native, ours, proc
from benchmarks.contender import Contender, OneProgram, Running
from benchmarks.launch import Program, answers, free_port
from benchmarks.upstream import UpstreamStub
from benchmarks.workload import SLOW_CELLS, Endpoint

PACKAGED = ("MODEL_COST_MAP", "ANTHROPIC_BETA_HEADERS", "AUTOROUTER_PRESETS", "BLOG_POSTS", "POLICY_TEMPLATES")
"""What it is told to read from its own package instead of fetching it when it starts."""


class LiteLLM(OneProgram):
    """LiteLLM from its package, at the version of `peers/litellm`."""

    name = "litellm"
    is_peer = True
    cells = SLOW_CELLS

    def __init__(self) -> None:
        super().__init__()
        self._python = Path()

    def prepare(self) -> str:
        """Install it into an environment of its own."""
        self._python = installing.python_environment(self.name)
        packages = str(next((self._python.parents[1] / "lib").glob("python*/site-packages")))
        (installed,) = importlib.metadata.distributions(name=self.name, path=[packages])
        return f"{installed.version}, master key, no database"

    def start(self, upstream: UpstreamStub, folder: Path, cpu: int) -> Running:
        """Start it with two models."""
        configuration = folder / "config.yaml"
        models = {ours.CALLS: upstream.url, ours.STREAMS: upstream.paced_url}
        configuration.write_text(yaml.safe_dump(self._configuration(models)))
        port, key = free_port(), f"sk-{secrets.token_urlsafe(24)}"
        url = f"http://127.0.0.1:{port}"
        options = ["--host", "127.0.0.1", "--port", str(port), "--num_workers", "1", "--telemetry", "False"]
        environment = {f"LITELLM_LOCAL_{name}": "True" for name in PACKAGED} | {
            "LITELLM_LOG": "ERROR",
            "LITELLM_MODE": "PRODUCTION",
            "LITELLM_MASTER_KEY": key,
        }
        without = [native.require("env"), "--unset=DATABASE_URL", "--unset=REDIS_URL"]  # it refuses empty ones
        program_file = self._python.with_name("litellm")
        command: list[str | Path] = [*without, program_file, "--config", configuration, *options]
        started = time.monotonic()
        self.program = program = Program(command, folder / "log", cpu=cpu, environment=environment)
        program.wait_until(lambda: answers(f"{url}/health/readiness"))
        return Running(
            calls=Endpoint(url, ours.CALLS, key),
            streams=Endpoint(url, ours.STREAMS, key),
            start_seconds=time.monotonic() - started,
            gateway=lambda: proc.tree(program.pid, proc.processes()),
        )

    @staticmethod
    def _configuration(models: dict[str, str]) -> dict[str, object]:
        prices = {"input_cost_per_token": float(ours.INPUT_PRICE), "output_cost_per_token": float(ours.OUTPUT_PRICE)}
        listed = [
            {
                "model_name": name,
                "litellm_params": {
                    "model": "openai/bench-model",
                    "api_base": f"{url}/v1",
                    "api_key": "stub",
                    **prices,
                },
            }
            for name, url in models.items()
        ]
        return {"model_list": listed, "litellm_settings": {"set_verbose": False}}


def create() -> Contender:
    """Return this contender."""
    return LiteLLM()
