"""One demo model server for all tests of this folder; `xdist_group` keeps them on one worker."""

import json
import subprocess
import sys
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import httpx
import openai
import pytest


class DemoServer:
    """A running demo server, seen from outside."""

    def __init__(self, process, ready):
        self.process = process
        self.ready = ready
        self.url = ready["url"]

    def client(self, **options):
        return openai.OpenAI(base_url=self.url, api_key="unused", max_retries=0, **options)

    def generations(self):
        return httpx.get(self.url.removesuffix("/v1") + "/health").raise_for_status().json()["generations"]


@pytest.fixture(scope="session")
def cache_dir():
    with TemporaryDirectory() as folder:  # not pytest's, which would keep the model of the last three runs
        yield folder


@pytest.fixture(scope="session")
def start(cache_dir):
    """Start a demo server, wait until it says that it answers, and stop it afterwards."""

    @contextmanager
    def start(*arguments, program=("-m", "litemaas.providers.demo"), stdin=subprocess.PIPE):
        command = [sys.executable, *program, "--cache-dir", cache_dir, *arguments]
        with subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield DemoServer(process, json.loads(process.stdout.readline()))
            finally:
                process.terminate()

    return start


@pytest.fixture(scope="session")
def demo(start):
    with start() as server:
        yield server


@pytest.fixture(scope="session")
def client(demo):
    with demo.client() as client:
        yield client
