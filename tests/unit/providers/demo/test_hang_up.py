"""Stopping at a hang-up: ASGI conversations without a network."""

import asyncio
import json

import pytest

from litemaas.providers.demo.hang_up import StopAtHangUp


async def echo(_, receive, send):
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def test_the_application_gets_the_whole_body_and_answers(connect):
    connection = connect(b"one, ", b"two")
    await connection.run(StopAtHangUp(echo))

    assert (connection.status, connection.body) == (200, b"one, two")


async def test_a_hang_up_cancels_the_application(connect):
    began, ended = asyncio.Event(), asyncio.Event()

    async def work_for_ever(*_):
        began.set()
        try:
            await asyncio.Future()
        finally:
            ended.set()

    connection = connect()
    conversation = asyncio.create_task(connection.run(StopAtHangUp(work_for_ever)))
    await began.wait()
    connection.gone.set()
    await conversation

    assert ended.is_set()
    assert connection.sent == []


async def test_a_client_that_leaves_while_it_sends_starts_nothing():
    async def must_not_run(*_):
        raise AssertionError

    async def leave():
        return {"type": "http.disconnect"}

    await StopAtHangUp(must_not_run)({"type": "http"}, leave, None)


async def test_a_body_over_the_limit_is_refused_without_being_kept(connect):
    connection = connect(*[b"x" * (1 << 20)] * 100)
    await connection.run(StopAtHangUp(echo))

    assert connection.status == 413
    assert json.loads(connection.body)["error"]["type"] == "invalid_request_error"
    assert len(connection._parts) > 90  # the rest was not even read


async def test_an_error_of_the_application_reaches_the_server(connect):
    async def fail(*_):
        raise LookupError("broken")

    with pytest.raises(LookupError, match="broken"):
        await connect().run(StopAtHangUp(fail))
