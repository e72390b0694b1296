import http.server
import json
import threading

import pytest
from benchmarks import contenders
from benchmarks.contender import CheckError, Running
from benchmarks.measure import Bench, measure, probe
from benchmarks.workload import OPEN_LOOP_RATE, RATE_500, Endpoint


def test_every_contender_is_found_by_its_module_name():
    assert {"direct", "litellm", "litemaas", "litemaas_serve", "nginx", "portkey"} == set(contenders.names())
    assert all(contenders.create(name).name == name for name in contenders.names())
    assert contenders.BASELINE in contenders.names()


def test_a_measurement_counts_what_callers_and_upstream_saw(upstream, tmp_path):
    running = contenders.create("direct").start(upstream, tmp_path, cpu=0)
    probe(running)
    bench = Bench(upstream, 0, 0, tmp_path)
    sample = measure(bench, "direct", running, cell=RATE_500, number=1, seconds=1)
    assert sample.failure == ""
    assert sample.load.completed == sample.upstream.answered == OPEN_LOOP_RATE
    assert sample.cpu_us_per_call is None


@pytest.fixture
def liar():
    """A gateway that answers every call by itself, with success and without usage."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            answer = json.dumps({"choices": [], "usage": {}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Endpoint(f"http://127.0.0.1:{server.server_port}", "bench", "none")
        server.shutdown()
        thread.join()


def test_a_gateway_that_makes_up_its_answers_is_found_out_before_the_load(liar):
    with pytest.raises(CheckError, match="usage"):
        probe(Running(calls=liar, streams=liar, start_seconds=0.0))
