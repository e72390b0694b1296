"""How long a call has patience, and with what. The client's clock is the test's to move."""

import asyncio

import pytest

from litemaas.providers.errors import AnswerTimedOut
from support.upstream import hanging, http

HALF = http(b"12345")[:-2]


@pytest.fixture
async def halfway(client, upstream):
    """A call in the middle of its answer."""
    upstream.script = hanging(HALF)
    call = client.submit()
    await call.came.wait()
    return call


async def test_a_server_that_never_answers_is_given_up_after_the_first_byte_s_time(client, upstream):
    upstream.script = hanging()
    call = client.submit()
    await upstream.until(lambda: len(upstream.calls) == 1)
    client.pass_time(29)
    assert not call.ended.is_set()
    client.pass_time(2)
    assert isinstance((await call.done()).error, AnswerTimedOut)
    assert "30 s" in str(call.error)
    await upstream.until(lambda: upstream.aborted == 1)


async def test_an_answer_that_stops_is_given_up_after_the_idle_time(client, upstream, halfway):
    client.pass_time(19)
    assert not halfway.ended.is_set()
    client.pass_time(2)
    assert isinstance((await halfway.done()).error, AnswerTimedOut)
    assert "20 s" in str(halfway.error)
    await upstream.until(lambda: upstream.aborted == 1)


async def test_slow_bytes_are_an_answer_until_the_total_time_is_over(client, upstream):
    async def drip(call):
        await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        while True:
            await more.wait()
            more.clear()
            await call.send(b".")

    more = asyncio.Event()
    upstream.script = drip
    call = client.submit()
    for _ in range(5):
        more.set()
        await call.came.wait()
        call.came.clear()
        client.pass_time(11)
    assert not call.ended.is_set()
    client.pass_time(11)
    assert isinstance((await call.done()).error, AnswerTimedOut)
    assert "60 s" in str(call.error)


async def test_while_the_client_is_slow_the_upstream_is_not_called_silent(client, halfway):
    halfway.pause()
    client.pass_time(50)
    assert not halfway.ended.is_set()
    halfway.resume()
    client.pass_time(9)
    assert not halfway.ended.is_set()
    client.pass_time(2)
    assert isinstance((await halfway.done()).error, AnswerTimedOut)


async def test_an_idle_connection_times_nobody_out(client, upstream):
    await client.call()
    client.pass_time(25)
    await client.call()
    assert upstream.accepted == 1
