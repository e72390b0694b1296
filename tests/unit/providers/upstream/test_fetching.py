"""One request and its answer as a coroutine."""

import asyncio

import pytest

from litemaas.providers.errors import AnswerBroken, AnswerTimedOut, ConnectFailed
from litemaas.providers.upstream import fetch
from litemaas.providers.upstream.fetching import host_header, split_url
from litemaas.providers.upstream.pool import Origin
from support.upstream import hanging, http, raw


@pytest.mark.parametrize(
    ("url", "origin", "path"),
    [
        ("http://a", Origin("http", "a", 80), "/"),
        ("https://a/v1?x=1", Origin("https", "a", 443), "/v1?x=1"),
        ("http://a:8000/v1/", Origin("http", "a", 8000), "/v1/"),
        ("HTTP://A.Example/v1", Origin("http", "a.example", 80), "/v1"),
        ("http://[::1]:8000", Origin("http", "::1", 8000), "/"),
    ],
)
def test_an_address_has_an_origin_and_a_path(url, origin, path):
    assert split_url(url) == (origin, path)


@pytest.mark.parametrize(
    "url", ["", "a", "//a", "ftp://a", "file:///etc/passwd", "http://", "http://u@a", "http://u:p@a", "http://a:99999"]
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ValueError):  # noqa: PT011 - urlsplit has sentences of its own
        split_url(url)


def test_the_host_header_names_a_port_that_is_not_the_usual_one():
    assert host_header(Origin("http", "a", 80)) == "a"
    assert host_header(Origin("http", "a", 443)) == "a:443"
    assert host_header(Origin("https", "::1", 443)) == "[::1]"


async def test_a_request_is_sent_as_asked_and_its_answer_comes_whole(client, upstream):
    upstream.script = raw(http(b'{"data": []}', "200 OK", "application/json", "X-Seen: yes"))
    answer = await fetch(
        client.upstreams, "GET", f"{upstream.url}/models?limit=1", headers={"Authorization": "Bearer k"}
    )
    assert (answer.status, answer.body) == (200, b'{"data": []}')
    assert answer.headers["x-seen"] == "yes"
    call = upstream.calls[0]
    assert call.head.startswith(b"GET /v1/models?limit=1 HTTP/1.1\r\n")
    assert call.headers["authorization"] == "Bearer k"
    assert "content-length" not in call.headers


async def test_a_refusal_is_an_answer(client, upstream):
    upstream.script = raw(http(b"no", "403 Forbidden"))
    assert (await fetch(client.upstreams, "POST", upstream.url, body=b"{}")).status == 403


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/a b", {}),
        ("/a\r\nX: y", {}),
        ("/", {"Authorization": "Bearer a\r\nX: y"}),
        ("/", {"Authorization": "Bearer a\nX: y"}),
        ("/", {"X": "a\0"}),
        ("/", {"X\r\nY": "a"}),
        ("/", {"X": "ü€"}),
    ],
)
async def test_nothing_can_break_out_of_a_request(client, upstream, path, headers):
    with pytest.raises(ValueError):  # noqa: PT011 - one of ours or of the codec
        await fetch(client.upstreams, "GET", f"http://{upstream.address}{path}", headers=headers)
    assert not upstream.calls


async def test_an_endless_answer_is_cut_off(client, upstream):
    async def endless(call):
        await call.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            await call.send(b"x" * 65536)

    upstream.script = endless
    with pytest.raises(AnswerBroken, match="8 MiB"):
        await fetch(client.upstreams, "GET", upstream.url)
    await upstream.until(lambda: upstream.aborted == 1)


async def test_a_caller_that_stops_waiting_closes_the_connection(client, upstream):
    upstream.script = hanging()
    asking = asyncio.ensure_future(fetch(client.upstreams, "GET", upstream.url))
    await upstream.until(lambda: len(upstream.calls) == 1)
    asking.cancel()
    await upstream.until(lambda: upstream.aborted == 1)


async def test_the_time_given_is_for_the_whole(client, upstream):
    upstream.script = hanging()
    asking = asyncio.ensure_future(fetch(client.upstreams, "GET", upstream.url, timeout=5))
    await upstream.until(lambda: len(upstream.calls) == 1)
    client.pass_time(6)
    with pytest.raises(AnswerTimedOut):
        await asking


async def test_no_server_is_told_with_its_reason(client, upstream):
    with pytest.raises(ConnectFailed) as failure:
        await fetch(client.upstreams, "GET", "http://no-such-host.invalid/")
    assert failure.value.reason == "dns"
