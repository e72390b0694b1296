import socket
import threading

import pytest
from benchmarks.scale.stream_load import keep_streams
from benchmarks.upstream import STREAM_EVENTS, UpstreamStub
from benchmarks.workload import STREAMS_32, Endpoint, raw_request

STREAMS = 5
PACE = 0.004


@pytest.fixture
def slow_upstream(compiler):
    with UpstreamStub(PACE) as stub:
        yield stub


def test_streams_are_kept_open_and_come_whole(slow_upstream):
    request = raw_request(STREAMS_32, Endpoint(slow_upstream.paced_url, "m", "k"))
    counts = keep_streams(int(slow_upstream.paced_url.rpartition(":")[2]), request, STREAMS, spread=0.1, seconds=0.5)
    served = slow_upstream.counters()
    assert (counts.cut, counts.refused) == (0, 0)
    assert counts.whole == len(counts.first_ms) == served.answered >= STREAMS * 2
    assert served.events == served.answered * STREAM_EVENTS
    assert served.connections == STREAMS


@pytest.fixture
def breaking_off():
    """The port of a server that ends each connection in the middle of a stream."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            for _ in range(STREAMS):
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\ndata: {}\n\n")

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_a_stream_that_breaks_off_is_counted_as_cut(breaking_off):
    counts = keep_streams(breaking_off, b"GET / HTTP/1.1\r\n\r\n", STREAMS, spread=0.01, seconds=0.1)
    assert (counts.whole, counts.cut) == (0, STREAMS)
