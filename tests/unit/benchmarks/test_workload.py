import json

import pytest
from benchmarks.workload import CELLS, STREAMS_32, Endpoint, body, raw_request, write_request

ENDPOINT = Endpoint("http://127.0.0.1:8080", "bench", "sk-secret")


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
@pytest.mark.parametrize("model", ["bench", "a-much-longer-model-name"])
def test_a_body_has_its_size_whatever_the_model_is_called(cell, model):
    written = body(cell, model)
    assert len(written) == cell.body_bytes
    assert json.loads(written)["model"] == model
    assert json.loads(written).get("stream", False) is cell.stream


def test_a_stream_asks_for_its_usage():
    assert json.loads(body(STREAMS_32, "bench"))["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_a_raw_request_is_what_the_sdk_sends(cell):
    head, _, content = raw_request(cell, ENDPOINT).partition(b"\r\n\r\n")
    request_line, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert request_line == "POST /v1/chat/completions HTTP/1.1"
    assert headers["Host"] == "127.0.0.1:8080"
    assert headers["Authorization"] == "Bearer sk-secret"
    assert int(headers["Content-Length"]) == len(content) == cell.body_bytes


def test_the_request_is_written_as_it_is_sent(tmp_path):
    assert write_request(STREAMS_32, ENDPOINT, tmp_path).read_bytes() == raw_request(STREAMS_32, ENDPOINT)


def test_the_cells_have_different_names():
    assert len({cell.name for cell in CELLS}) == len(CELLS)
