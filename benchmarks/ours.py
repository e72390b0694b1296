"""LiteMaaS by its management API: the models and keys of a run, and the check of its books after it.

After the load the money charged must be the calls served times their price.
"""

import hashlib
import importlib.metadata
import json
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from benchmarks import load, native
from benchmarks.contender import CheckError
from benchmarks.upstream import COMPLETION_TOKENS, PROMPT_TOKENS, UpstreamStub
from benchmarks.workload import RATE_500, Endpoint

COMMAND = Path(sys.executable).with_name("litemaas")
INPUT_PRICE, OUTPUT_PRICE = Decimal("1e-7"), Decimal("2e-7")
CALL_PRICE = PROMPT_TOKENS * INPUT_PRICE + COMPLETION_TOKENS * OUTPUT_PRICE
CALLS, STREAMS = "bench", "bench-paced"
"""The models' names: of calls that are answered at once, and of paced streams."""
LIMITS = {"max_budget": 1_000_000, "rpm_limit": 100_000_000, "tpm_limit": 100_000_000_000}
CHECK_SECONDS = 2
SPEND_LIMIT_SECONDS = 10.0


def installed_version() -> str:
    """Return the installed version and the commit.

    Raises:
        MissingToolError: LiteMaaS is not installed beside this Python.
    """
    if not COMMAND.exists():
        raise native.MissingToolError("litemaas is not installed; in the repository: make setup")
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=native.SOURCES, capture_output=True, text=True, check=False
    ).stdout.strip()
    return f"{importlib.metadata.version('litemaas')} {commit}".strip()


class Books:
    """One LiteMaaS with two models and two keys with budgets and limits: one for the load, one for the check."""

    def __init__(self, url: str, master_key: str, upstream: UpstreamStub) -> None:
        """Add the models and issue the keys."""
        self._url, self._master_key = url, master_key
        self._add_model(CALLS, f"{upstream.url}/v1")
        self._add_model(STREAMS, f"{upstream.paced_url}/v1")
        self._load_key, self._check_key = self._issue_key(), self._issue_key()

    def moved(self, url: str) -> None:
        """The same LiteMaaS was started again at another address."""
        self._url = url

    def endpoint(self, model: str) -> Endpoint:
        """Return where the load's calls of a model go."""
        return Endpoint(self._url, model, self._load_key)

    def check(self, folder: Path, completed: int) -> str:
        """Compare what was charged with the price of what was served, and say what was compared.

        A key of its own makes calls of which none is cut off: they must cost their price to the last decimal. The key
        that carried the load must have been charged at least for every call that was completed; for the calls under way
        when a load ended it may have been charged what they produced.

        Raises:
            CheckError: The books are wrong.
        """
        calls = load.send(RATE_500, Endpoint(self._url, CALLS, self._check_key), CHECK_SECONDS, folder)
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

    def _manage(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._master_key}"}
        answer = httpx.request(method, f"{self._url}{path}", headers=headers, timeout=30, **arguments)
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
        grant = {"models": [CALLS, STREAMS], "user_id": "bench@example.com", **LIMITS}
        return str(self._manage("POST", "/key/generate", json=grant)["key"])

    def _spend(self, key: str) -> Decimal:
        # Named by its hash: a key does not belong in a URL.
        info = self._manage("GET", "/key/info", params={"key": hashlib.sha256(key.encode()).hexdigest()})["info"]
        return Decimal(info["spend"])
