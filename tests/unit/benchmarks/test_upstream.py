import json
import socket

import httpx
from benchmarks.upstream import COMPLETION_TOKENS, PROMPT_TOKENS, STREAM_EVENTS

CHAT = "/v1/chat/completions"
USAGE = {
    "prompt_tokens": PROMPT_TOKENS,
    "completion_tokens": COMPLETION_TOKENS,
    "total_tokens": PROMPT_TOKENS + COMPLETION_TOKENS,
}


def events_of(answer):
    return [line.removeprefix("data: ") for line in answer.text.splitlines() if line]


def connect(url):
    address = httpx.URL(url)
    return socket.create_connection((address.host, address.port))


def raw(body, *headers):
    head = [f"POST {CHAT} HTTP/1.1", "Host: upstream", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


def read_answers(connection, number):
    received = b""
    while received.count(b"HTTP/1.1 200 OK") < number or not received.endswith(b"}"):
        received += connection.recv(65536)
    return received


def test_a_call_is_answered_with_json_that_states_its_usage(upstream):
    answer = httpx.post(upstream.url + CHAT, json={"model": "bench-model"})
    assert answer.json()["usage"] == USAGE
    assert 600 < len(answer.content) < 800


def test_a_stream_has_its_content_then_its_usage_then_the_end(upstream):
    for url in (upstream.url, upstream.paced_url):
        events = events_of(httpx.post(url + CHAT, json={"model": "bench-model", "stream": True}))
        assert len(events) == STREAM_EVENTS
        assert events[-1] == "[DONE]"
        assert json.loads(events[-2])["usage"] == USAGE
        assert json.loads(events[-3])["choices"][0]["finish_reason"] == "stop"
        assert all(200 < len(event) < 300 for event in events[:-2])


def test_the_word_stream_in_a_message_does_not_ask_for_a_stream(upstream):
    body = json.dumps({"messages": [{"content": 'send "stream": true to me'}], "stream": False})
    assert httpx.post(upstream.url + CHAT, content=body).json()["object"] == "chat.completion"


def test_a_request_may_arrive_in_pieces(upstream):
    request = raw(b'{"model":"' + b"m" * 20_000 + b'"}')
    with connect(upstream.url) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(request), 999):
            connection.sendall(request[start : start + 999])
        assert b'"usage"' in read_answers(connection, 1)
    assert upstream.counters().answered == 1


def test_requests_sent_at_once_are_answered_one_after_the_other(upstream):
    with connect(upstream.url) as connection:
        connection.sendall(raw(b"{}") * 3)
        assert read_answers(connection, 3).count(b'"usage"') == 3


def test_connections_are_counted_once_however_many_calls_they_carry(upstream):
    with httpx.Client() as client:
        for _ in range(5):
            client.post(upstream.url + CHAT, json={})
    httpx.post(upstream.url + CHAT, json={})
    counters = upstream.counters()
    assert (counters.connections, counters.requests, counters.answered) == (2, 6, 6)


def test_a_caller_who_hangs_up_is_counted_as_aborted(upstream):
    with httpx.stream("POST", upstream.paced_url + CHAT, json={"stream": True}) as answer:
        next(answer.iter_raw())
    while not (counters := upstream.counters()).aborted:
        pass
    assert counters.answered == 0
    assert 0 < counters.events < STREAM_EVENTS


def test_hundreds_of_streams_run_at_once(upstream):
    connections = [connect(upstream.paced_url) for _ in range(300)]
    for connection in connections:
        connection.sendall(raw(b'{"stream":true}', "Connection: keep-alive"))
    for connection in connections:
        received = b""
        while not received.endswith(b"0\r\n\r\n"):
            received += connection.recv(65536)
        connection.close()
    counters = upstream.counters()
    assert (counters.connections, counters.answered, counters.events) == (300, 300, 300 * STREAM_EVENTS)


def test_a_body_without_a_length_is_refused(upstream):
    with connect(upstream.url) as connection:
        connection.sendall(f"POST {CHAT} HTTP/1.1\r\nHost: upstream\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 501")
        assert connection.recv(65536) == b""


def test_models_are_listed_and_other_routes_are_not_found(upstream):
    assert [model["id"] for model in httpx.get(f"{upstream.url}/v1/models").json()["data"]] == ["bench-model"]
    assert httpx.get(f"{upstream.url}/v1/nothing").status_code == 404
