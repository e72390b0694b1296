import dataclasses

import pytest
from benchmarks import load
from benchmarks.launch import free_port
from benchmarks.workload import CALLS_32, OPEN_LOOP_RATE, RATE_500, Endpoint


@pytest.fixture
def endpoint(upstream):
    return Endpoint(upstream.url, "bench-model", "sk-secret")


def test_the_open_loop_sends_every_call_that_was_due(upstream, endpoint, tmp_path):
    result = load.send(RATE_500, endpoint, 1, tmp_path)
    assert (result.completed, result.errors) == (OPEN_LOOP_RATE, 0)
    assert 0 < result.p50_us <= result.p99_us
    assert upstream.counters().answered == OPEN_LOOP_RATE


def test_the_open_loop_reads_streams_to_their_end(upstream, endpoint, tmp_path):
    result = load.send(dataclasses.replace(RATE_500, stream=True), endpoint, 1, tmp_path)
    assert result.completed == upstream.counters().answered == OPEN_LOOP_RATE


def test_error_answers_are_refusals_and_not_completions(upstream, tmp_path):
    elsewhere = Endpoint(upstream.url, "bench-model", "key\r\nTransfer-Encoding: chunked")
    result = load.send(RATE_500, elsewhere, 1, tmp_path)
    assert result.completed == 0
    assert result.errors == OPEN_LOOP_RATE


def test_a_load_that_reaches_nobody_is_an_error(compiler, tmp_path):
    with pytest.raises(load.LoadError, match="refused"):
        load.send(RATE_500, Endpoint(f"http://127.0.0.1:{free_port()}", "m", "k"), 1, tmp_path)


def test_the_key_stands_in_the_request_file_and_not_in_the_command(endpoint, tmp_path):
    command = load.command(RATE_500, endpoint, 1, tmp_path / "request")
    assert "sk-secret" not in " ".join(command)


def test_the_last_line_of_a_generator_is_its_report():
    line = '{"completed":7,"seconds":2.0,"p50_us":1.5,"p99_us":9.0,"refused":1,"broken":2,"unanswered":3}'
    result = load.read_result(f"Running 2s test\n  1 threads\n{line}\n")
    assert (result.completed, result.errors, result.p99_us) == (7, 6, 9.0)


def test_closed_loops_keep_the_connections_of_their_cell_busy(endpoint, tmp_path, monkeypatch):
    wrk = tmp_path / "wrk"
    wrk.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    command = load.command(CALLS_32, endpoint, 3, tmp_path / "request")
    assert command[0] == str(wrk)
    assert {"-c32", "-d3s"} <= set(command)
