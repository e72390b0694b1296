import json
import os
import shutil
import subprocess
import sys
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from litemaas.cli import commands
from litemaas.cli.client import Client
from litemaas.cli.errors import ApiError, SetupError
from support.postgres import reachable_directory

pytestmark = pytest.mark.xdist_group("a running LiteMaaS")  # one for all of them


class Installation:
    """A `litemaas up` with its real server, and its command line."""

    def __init__(self, data_dir, database_url):
        self.data_dir = data_dir
        self.errors = data_dir.with_name("stderr").open("w+")
        words = ("up", "--no-demo", "--port", "0", "--metrics-port", "0", "--data-dir", str(data_dir))
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "litemaas.cli", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            env=os.environ | {"DATABASE_URL": database_url},
        )
        if not any("Ctrl-C" in line for line in self.process.stdout):
            self.errors.seek(0)
            complaint = self.errors.read()
            self.close()
            pytest.fail(f"up ended: {complaint}")
        self.connection = json.loads((data_dir / "connection.json").read_text())

    def close(self):
        self.process.terminate()
        self.process.communicate()
        self.errors.close()

    def run(self, *words, feed="", environment=None):
        variables = {"LITEMAAS_DATA_DIR": str(self.data_dir)} | (environment or {})
        return CliRunner().invoke(commands.litemaas, words, input=feed, env=variables)

    def output(self, *words, feed=""):
        finished = self.run(*words, feed=feed)
        assert finished.exit_code == 0, finished.stderr
        return finished.stdout

    def chat(self, key, model):
        connection = HTTPConnection(urlsplit(self.connection["url"]).netloc)
        body = json.dumps({"model": model, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 20})
        connection.request("POST", "/v1/chat/completions", body, {"Authorization": f"Bearer {key}"})
        status = connection.getresponse().status
        connection.close()
        return status


@pytest.fixture(scope="module")
async def litemaas(postgres_server):
    parent = reachable_directory()
    async with postgres_server.database() as url:
        installation = Installation(parent / "data", url)
        yield installation
        installation.close()
    shutil.rmtree(parent)


@pytest.fixture
def granite(litemaas, upstream):
    """A model with prices."""
    prices = ("--input-price", "1000", "--output-price", "2000")
    litemaas.output("model", "add", "granite", "--api-base", f"{upstream}/v1", *prices)
    yield "granite"
    litemaas.output("model", "remove", "granite", "--yes")


def test_a_model_is_listed_and_tested(litemaas, granite):
    (row,) = json.loads(litemaas.output("model", "list", "--json"))
    assert row["model_name"] == granite
    cells = next(line for line in litemaas.output("model", "list").splitlines() if granite in line).split()
    assert cells[4:6] == ["1000", "2000"]
    assert "call" in litemaas.output("model", "test", granite)


def test_a_model_that_does_not_work_fails_its_test(litemaas):
    litemaas.output("model", "add", "broken", "--api-base", "http://127.0.0.1:1/v1", "--api-key-stdin", feed="sk-u\n")
    finished = litemaas.run("model", "test", "broken")
    litemaas.output("model", "remove", "broken", "--yes")
    assert finished.exit_code == 1
    assert "does not work" in finished.stderr
    assert "sk-u" not in finished.stdout + finished.stderr


def test_an_endpoint_is_asked_for_its_models(litemaas, upstream):
    assert litemaas.output("model", "discover", f"{upstream}/v1").split() == ["granite", "nomic-embed-text"]


def test_a_key_lives_and_dies(litemaas, granite):
    text = litemaas.output("key", "issue", "--alias", "life", "--model", granite, "--user", "alice").strip()
    assert litemaas.chat(text, granite) == 200
    assert "life" in litemaas.output("key", "list", "--user", "alice")

    litemaas.output("key", "block", "life")
    assert litemaas.chat(text, granite) == 401
    assert "blocked" in litemaas.output("key", "list", "--user", "alice")
    litemaas.output("key", "unblock", "-", feed=f"{text}\n")
    assert litemaas.chat(text, granite) == 200

    rotated = litemaas.output("key", "rotate", "life").strip()
    assert [litemaas.chat(text, granite), litemaas.chat(rotated, granite)] == [401, 200]

    litemaas.output("key", "revoke", "life", "--yes")
    assert litemaas.chat(rotated, granite) == 401


def test_a_key_is_held_to_its_models(litemaas, granite):
    text = litemaas.output("key", "issue", "--alias", "narrow", "--model", "another").strip()
    assert litemaas.chat(text, granite) == 403
    litemaas.output("key", "revoke", "narrow", "--yes")


def test_what_a_call_cost_is_shown_within_two_seconds(litemaas, granite):
    text = litemaas.output("key", "issue", "--alias", "spender", "--user", "bob").strip()
    assert litemaas.chat(text, granite) == 200
    deadline = time.monotonic() + 2
    client = Client(litemaas.connection["url"], text)
    while not client.get("/key/info")["info"]["spend"]:
        assert time.monotonic() < deadline, "the spend did not come"
        time.sleep(0.02)
    assert "$0.02" in litemaas.output("key", "info", "spender")
    for grouping, name in (("key", "spender"), ("user", "bob"), ("model", granite)):
        (line,) = [line for line in litemaas.output("spend", "--by", grouping).splitlines() if name in line]
        assert "$" in line
    total = json.loads(litemaas.output("spend", "--by", "day", "--json"))["total"]
    assert total["spend"] >= 0.02


def test_people_are_listed(litemaas, granite):
    litemaas.output("key", "issue", "--alias", "carols", "--user", "carol")
    assert "carol" in litemaas.output("user", "list")
    assert json.loads(litemaas.output("team", "list", "--json")) == []


def test_an_error_of_the_server_is_its_sentence_and_exit_code_1(litemaas):
    finished = litemaas.run("key", "issue", "--budget-duration", "often")
    assert finished.exit_code == 1
    assert len(finished.stderr.splitlines()) == 1


def test_a_wrong_master_key_is_exit_code_3(litemaas):
    variables = {"LITEMAAS_URL": litemaas.connection["url"], "LITELLM_MASTER_KEY": "sk-wrong"}
    finished = litemaas.run("model", "list", environment=variables)
    assert finished.exit_code == 3
    assert "master key" in finished.stderr


def test_a_virtual_key_does_not_manage(litemaas):
    with pytest.raises((ApiError, SetupError)):
        Client(litemaas.connection["url"], litemaas.connection["virtual_key"]).get("/key/list")
