"""How the demo's clients share its one model: turns, hang-ups, and an ear for health checks."""

import json
import socket
import threading

import httpx
import openai
import pytest

pytestmark = pytest.mark.xdist_group("demo")

COUNT = {"model": "gemma-3-270m", "prompt": "1, 2, 3, 4,"}


def await_generations(demo, **expected):
    while not expected.items() <= demo.generations().items():
        threading.Event().wait(0.02)  # the test's own time-out is the limit


def hang_up_on(demo, **body):
    """Send a request, and close the connection once the model works on it."""
    address = httpx.URL(demo.url)
    content = json.dumps(body).encode()
    head = f"POST /v1/completions HTTP/1.1\r\nHost: {address.host}\r\nContent-Length: {len(content)}\r\n\r\n"
    with socket.create_connection((address.host, address.port)) as connection:
        connection.sendall(head.encode() + content)
        await_generations(demo, running=True)


@pytest.fixture
def busy(demo, client):
    """A stream that has begun and would go on for seconds."""
    with client.completions.create(**COUNT, max_tokens=1000, stream=True) as stream:
        next(iter(stream))
        yield stream
    await_generations(demo, running=False)


def test_a_client_that_leaves_its_stream_stops_the_generation(demo, client):
    before = demo.generations()
    with client.completions.create(**COUNT, max_tokens=1000, stream=True) as stream:
        next(iter(stream))

    await_generations(demo, abandoned=before["abandoned"] + 1, finished=before["finished"], running=False)


@pytest.mark.parametrize(
    "body",
    [{**COUNT, "max_tokens": 1000}, {"model": "gemma-3-270m", "prompt": "word " * 7000}],
    ids=["while its answer is written", "while its prompt is read"],
)
def test_a_client_that_gives_up_waiting_stops_the_generation(demo, body):
    before = demo.generations()
    hang_up_on(demo, **body)

    await_generations(demo, abandoned=before["abandoned"] + 1, finished=before["finished"], running=False)


def test_a_client_that_gives_up_its_place_in_the_queue_costs_nothing(demo, client, busy):
    before = demo.generations()
    with pytest.raises(openai.APITimeoutError):
        client.with_options(timeout=0.3).completions.create(**COUNT, max_tokens=1)
    busy.close()

    client.completions.create(**COUNT, max_tokens=1)
    assert demo.generations() == {
        "running": False,
        "finished": before["finished"] + 1,
        "abandoned": before["abandoned"] + 1,
    }


def test_health_and_embeddings_answer_while_a_generation_runs(demo, client, busy):
    before = demo.generations()
    assert client.embeddings.create(model="all-minilm-l6-v2", input="cat").data
    assert [model.id for model in client.models.list()] == ["gemma-3-270m", "all-minilm-l6-v2"]

    assert demo.generations() == before


def test_a_short_request_takes_its_turn_between_the_choices_of_a_long_one(client):
    events = []
    begun = threading.Event()

    def ask_for_two_choices():
        with client.completions.create(**COUNT, n=2, max_tokens=40, stream=True) as stream:
            for chunk in stream:
                begun.set()
                if chunk.choices[0].finish_reason:
                    events.append(f"choice {chunk.choices[0].index}")

    long_one = threading.Thread(target=ask_for_two_choices)
    long_one.start()
    begun.wait()
    client.completions.create(**COUNT, max_tokens=1)
    events.append("short request")
    long_one.join()

    assert events == ["choice 0", "short request", "choice 1"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nothing", 404), ("GET", "/v1/chat/completions", 405), ("POST", "/v1/embeddings", 400)],
)
def test_a_request_that_leads_nowhere_gets_openais_error_json(demo, method, path, status):
    answer = httpx.request(method, demo.url.removesuffix("/v1") + path)

    assert answer.status_code == status
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert answer.json()["error"]["message"]


def test_a_body_that_is_too_large_is_refused(demo):
    answer = httpx.post(f"{demo.url}/completions", content=b" " * (9 << 20))

    assert answer.status_code == 413
    assert "larger than" in answer.json()["error"]["message"]
