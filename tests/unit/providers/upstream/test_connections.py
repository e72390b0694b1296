"""Connections to an upstream: kept, shared, given up, and never a source of somebody else's answer."""

import asyncio
import gzip

import pytest

from litemaas.providers.errors import AnswerBroken, AnswerTimedOut, ConnectFailed
from litemaas.providers.upstream.pool import Origin
from support.upstream import chat, completion, hanging, http, raw


async def test_a_connection_serves_one_call_after_the_other(client, upstream):
    for _ in range(5):
        assert (await client.call()).received == completion()
    assert upstream.accepted == 1


async def test_calls_at_the_same_time_have_a_connection_each_and_leave_them_for_the_next(client, upstream):
    await asyncio.gather(*(client.call() for _ in range(4)))
    await asyncio.gather(*(client.call() for _ in range(4)))
    assert upstream.accepted <= 4
    assert len(upstream.calls) == 8


@pytest.mark.parametrize(
    "answer",
    [
        http(completion(), "200 OK", "application/json", "Connection: close"),
        http(completion()).replace(b"HTTP/1.1", b"HTTP/1.0"),
    ],
)
async def test_a_server_that_wants_to_close_is_not_asked_again_on_this_connection(client, upstream, answer):
    upstream.script = raw(answer)
    for _ in range(3):
        assert (await client.call()).received == completion()
    assert upstream.accepted == 3


async def test_a_body_without_a_length_ends_with_its_connection(client, upstream):
    upstream.script = raw(b"HTTP/1.0 200 OK\r\n\r\n", b"first, ", b"second", close=True)
    assert (await client.call()).received == b"first, second"


async def test_a_body_without_a_length_whose_connection_is_reset_is_broken(client, upstream):
    async def reset(call):
        await call.send(b"HTTP/1.1 200 OK\r\n\r\nfirst, ")
        await cut.wait()
        call.reset()

    cut = asyncio.Event()
    upstream.script = reset
    call = client.submit()
    await call.came.wait()
    cut.set()
    assert isinstance((await call.done()).error, AnswerBroken)


async def test_informational_answers_are_passed_over(client, upstream):
    upstream.script = raw(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n", http(b"{}"))
    call = await client.call()
    assert (call.status, call.received) == (200, b"{}")
    assert b"link" not in call.headers
    await client.call()
    assert upstream.accepted == 1


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
async def test_an_answer_without_content_ends_with_its_head(client, upstream, status):
    upstream.script = raw(f"HTTP/1.1 {status}\r\n\r\n".encode())
    assert (await client.call()).received == b""
    await client.call()
    assert upstream.accepted == 1


@pytest.mark.parametrize(
    "garbage",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ],
)
async def test_garbage_is_a_broken_answer(client, upstream, garbage):
    upstream.script = hanging(garbage)
    call = await client.call()
    assert isinstance(call.error, AnswerBroken)
    await upstream.until(lambda: upstream.aborted == 1)


@pytest.mark.parametrize(
    "pieces",
    [
        (b"",),
        (b"HTTP/1.1 200 OK\r\nContent-Le",),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", b"only this"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"5\r\nhello\r\n"),
    ],
)
async def test_an_answer_that_breaks_off_is_broken_and_not_asked_for_again(client, upstream, pieces):
    upstream.script = raw(*pieces, close=True)
    assert isinstance((await client.call()).error, AnswerBroken)
    assert len(upstream.calls) == 1


# --- desync: an answer must never reach a call that did not ask for it ---


async def test_a_second_answer_in_the_same_breath_is_never_anybody_s(client, upstream):
    upstream.script = raw(http(b"mine") + http(b"not mine"))
    assert (await client.call()).received == b"mine"
    upstream.script = chat()
    assert (await client.call()).received == completion()
    assert upstream.accepted == 2


async def test_a_body_longer_than_its_length_is_never_the_next_answer(client, upstream):
    surplus = http(b"mine and more", "200 OK", "text/plain", "Content-Length: 4")
    upstream.script = raw(surplus)
    assert (await client.call()).received == b"mine"
    upstream.script = chat()
    assert (await client.call()).received == completion()
    assert upstream.accepted == 2


async def test_what_comes_while_nobody_asks_closes_the_connection(client, upstream):
    async def talkative(call):
        await call.send(http(b"mine"))
        await asked.wait()
        await call.send(http(b"not mine"))

    asked = asyncio.Event()
    upstream.script = talkative
    assert (await client.call()).received == b"mine"
    asked.set()
    await upstream.until(lambda: upstream.closed == 1)
    upstream.script = chat()
    assert (await client.call()).received == completion()
    assert upstream.accepted == 2


# --- a kept connection dies of old age ---


async def test_a_call_on_a_connection_that_has_just_died_is_sent_again_once(client, upstream):
    await client.call()

    async def once(call):
        upstream.script = chat()
        call.close()

    upstream.script = once
    assert (await client.call()).received == completion()
    assert (upstream.accepted, len(upstream.calls)) == (2, 3)


async def test_it_is_not_sent_a_third_time(client, upstream):
    await client.call()
    upstream.script = raw(close=True)
    assert isinstance((await client.call()).error, AnswerBroken)
    assert len(upstream.calls) == 3


async def test_a_call_that_has_seen_a_byte_is_not_sent_again(client, upstream):
    await client.call()
    upstream.script = raw(b"H", close=True)
    assert isinstance((await client.call()).error, AnswerBroken)
    assert len(upstream.calls) == 2


async def test_a_call_on_a_new_connection_is_not_sent_again(client, upstream):
    upstream.script = raw(close=True)
    assert isinstance((await client.call()).error, AnswerBroken)
    assert len(upstream.calls) == 1


# --- giving up ---


async def test_a_cancelled_call_closes_its_connection_and_hears_nothing_more(client, upstream):
    upstream.script = hanging(http(b"12345")[:-1])
    call = client.submit()
    await call.came.wait()
    call.cancel()
    await upstream.until(lambda: upstream.aborted == 1)
    assert call.ends == 0


async def test_a_call_cancelled_before_it_was_sent_leaves_its_connection_to_others(client, upstream):
    call = client.submit()
    call.cancel()
    assert (await client.call()).received == completion()
    await client.call()
    assert call.ends == 0
    assert len(upstream.calls) == 2


async def test_a_connection_that_nobody_needs_is_closed(client, upstream):
    await client.call()
    client.pass_time(31)
    await upstream.until(lambda: upstream.closed == 1)
    await client.call()
    assert upstream.accepted == 2


async def test_a_paused_call_reads_no_further_and_goes_on_when_it_is_resumed(client, upstream):
    block = b"x" * 65536

    async def endless(call):
        await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(block) * 400))
        for _ in range(400):
            await call.send(block)

    upstream.script = endless
    call = client.submit()
    await call.came.wait()
    call.pause()
    received = len(call.received)
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(call.received) == received
    call.resume()
    assert len((await call.done()).received) == len(block) * 400


# --- as many as allowed ---


@pytest.fixture
def one_connection(client):
    client.upstreams.max_connections = 1
    return client


async def test_calls_wait_for_a_connection_and_are_served_in_order(one_connection, upstream):
    calls = [one_connection.submit() for _ in range(5)]
    for call in calls:
        assert (await call.done()).received == completion()
    assert upstream.accepted == 1


async def test_who_waits_gets_a_new_connection_when_the_old_one_breaks(one_connection, upstream):
    upstream.script = raw(b"garbage")
    calls = [one_connection.submit() for _ in range(3)]
    for call in calls:
        assert isinstance((await call.done()).error, AnswerBroken)


async def test_who_waits_and_leaves_is_passed_over(one_connection, upstream):
    first, second, third = (one_connection.submit() for _ in range(3))
    second.cancel()
    await first.done()
    await third.done()
    assert len(upstream.calls) == 2


async def test_who_waits_is_told_when_there_is_no_server_at_all(one_connection):
    one_connection.origin = await nobody_s_address()
    calls = [one_connection.submit() for _ in range(3)]
    for call in calls:
        error = (await call.done()).error
        assert isinstance(error, ConnectFailed)
        assert error.reason == "refused"


async def test_who_waits_does_not_wait_for_ever(one_connection, upstream):
    upstream.script = hanging(http(b"12345")[:-1])
    first, second = one_connection.submit(), one_connection.submit()
    await first.came.wait()
    first.pause()  # its own silence is the client's doing
    one_connection.pass_time(31)
    assert isinstance((await second.done()).error, AnswerTimedOut)
    assert first.ends == 0


# --- no connection ---


async def nobody_s_address() -> Origin:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return Origin("http", "127.0.0.1", port)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", "x" * 80])
async def test_a_host_that_nobody_knows_is_told_as_such(client, host):
    client.origin = Origin("http", host, 80)
    error = (await client.call()).error
    assert isinstance(error, ConnectFailed)
    assert error.reason == "dns"


async def test_closing_ends_calls_in_flight(client, upstream):
    upstream.script = hanging()
    call = client.submit()
    await upstream.until(lambda: len(upstream.calls) == 1)
    client.upstreams.close()
    assert isinstance((await call.done()).error, AnswerBroken)


@pytest.mark.parametrize(
    ("beginning", "again"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"b" * 60_000 + b"\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-A: ", b"b" * 60_000),
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 1000),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X-A: " + b"b" * 60_000 + b"\r\n"),
    ],
    ids=["headers", "one header", "informational answers", "trailers"],
)
async def test_a_head_that_does_not_end_is_given_up(client, upstream, beginning, again):
    async def without_end(call):
        await call.send(beginning)
        while True:
            await call.send(again)

    upstream.script = without_end
    assert isinstance((await client.call()).error, AnswerBroken)
    await upstream.until(lambda: upstream.closed == 1)


async def test_a_server_that_changes_the_protocol_is_not_followed(client, upstream, caplog):
    upstream.script = raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
    assert isinstance((await client.call()).error, AnswerBroken)
    assert not caplog.records


async def test_an_answer_in_an_encoding_that_nobody_asked_for_is_broken(client, upstream):
    upstream.script = raw(http(gzip.compress(b"{}"), "200 OK", "application/json", "Content-Encoding: gzip"))
    assert isinstance((await client.call()).error, AnswerBroken)


async def test_nothing_is_sent_to_an_address_that_is_forbidden_whatever_its_name(client, upstream):
    client.upstreams.forbids = lambda address: address == "127.0.0.1"
    client.origin = client.origin._replace(host="localhost")
    error = (await client.call()).error
    assert isinstance(error, ConnectFailed)
    assert error.reason == "forbidden"
    assert not upstream.calls
