import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest
from click.testing import CliRunner, Result

from litemaas.cli.commands import litemaas

MASTER_KEY = "sk-of-the-tests"


class Api:
    """A management API whose answers a test writes down, and which remembers what it was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[tuple[str, str, dict]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: dict[tuple[str, str], object] = {}
        self.status = 200

    def answer(self, method: str, path: str, answer: object) -> None:
        """Answer with JSON; a function gets the query or body and returns it."""
        self.answers[method, path] = answer

    def respond(self, method: str, target: str, body: bytes) -> tuple[int, bytes]:
        parts = urlsplit(target)
        asked = json.loads(body) if body else dict(parse_qsl(parts.query))
        self.requests.append((method, parts.path, asked))
        answer = self.answers[method, parts.path]
        answer = answer(asked) if callable(answer) else answer
        return self.status, answer if isinstance(answer, bytes) else json.dumps(answer).encode()


@pytest.fixture
def api() -> Iterator[Api]:
    api = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            api.headers.append(dict(self.headers))
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content = api.respond(self.command, self.path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield api
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def run(api: Api) -> Callable[..., Result]:
    """Runs a command line against the API."""

    def run(*words: str, **given: object) -> Result:
        environment = {"LITEMAAS_URL": api.url, "LITELLM_MASTER_KEY": MASTER_KEY} | given.pop("env", {})
        return CliRunner().invoke(litemaas, words, env=environment, **given)

    return run
