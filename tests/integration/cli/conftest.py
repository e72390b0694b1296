import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from litemaas.cli.client import Client
from support.postgres import reachable_directory

RUN_UP = Path(__file__).with_name("run_up.py")
LAST_LINE = "Ctrl-C stops everything."


class RunningUp:
    """A `litemaas up` with stand-ins under it, as a process."""

    def __init__(self, data_dir: Path, environment: dict[str, str], **options: object) -> None:
        self.data_dir = data_dir
        self._errors = data_dir.with_name(f"{data_dir.name}.stderr").open("a+")
        self._begin = self._errors.seek(0, os.SEEK_END)
        given = {"data_dir": str(data_dir), "port": 0, "metrics_port": 0, "demo": False} | options
        self.process = subprocess.Popen(
            [sys.executable, RUN_UP, json.dumps(given)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=os.environ | environment,
        )
        self.output = ""

    def until_ready(self) -> "RunningUp":
        for line in self.process.stdout:
            self.output += line
            if LAST_LINE in line:
                return self
        pytest.fail(f"up ended with {self.process.wait()}: {self.errors}")

    @property
    def errors(self) -> str:
        self._errors.seek(self._begin)
        return self._errors.read()

    def until_said(self, text: str) -> None:
        deadline = time.monotonic() + 30
        while text not in self.errors:
            assert time.monotonic() < deadline, f"never said {text!r}: {self.errors}"
            assert self.process.poll() is None, f"ended before it said {text!r}: {self.errors}"
            time.sleep(0.02)

    @property
    def connection(self) -> dict[str, str]:
        return json.loads((self.data_dir / "connection.json").read_text())

    @property
    def client(self) -> Client:
        return Client(self.connection["url"], self.connection["master_key"])

    @property
    def server(self) -> dict:
        """What the server that answers says of itself: pid, environment, arguments."""
        return self.client.get("/process")

    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.end()

    def end(self) -> int:
        self.output += self.process.communicate(timeout=60)[0]
        return self.process.returncode

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        self._errors.close()


@pytest.fixture
def data_dir() -> Iterator[Path]:
    parent = reachable_directory()
    yield parent / "data"
    shutil.rmtree(parent, ignore_errors=True)  # a PostgreSQL that was killed may still be going


@pytest.fixture
def start_up(data_dir: Path, database_url: str) -> Iterator[Callable[..., RunningUp]]:
    """Starts `up` on the test's data folder and database; `database_url=None` lets it run its own."""
    started = []

    def start(environment: dict[str, str] | None = None, **options: object) -> RunningUp:
        given = {"database_url": database_url, "data_dir": data_dir} | options
        running = RunningUp(given.pop("data_dir"), environment or {}, **given)
        started.append(running)
        return running

    yield start
    for running in started:
        running.close()


class _ModelServer(BaseHTTPRequestHandler):
    """Lists a chat model and an embedding model, and answers every chat with five tokens."""

    def do_GET(self) -> None:
        models = {"data": [{"id": "granite"}, {"id": "nomic-embed-text"}]}
        self._answer(200 if self.path == "/v1/models" else 404, models)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        message = {"role": "assistant", "content": "The capital of France is Paris."}
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        self._answer(200, {"object": "chat.completion", "model": "granite", "choices": choices, "usage": usage})

    def _answer(self, status: int, answer: dict) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def upstream() -> Iterator[str]:
    """The URL of an OpenAI-compatible endpoint, without its path."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _ModelServer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
