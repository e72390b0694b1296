"""Server-sent events: ASGI conversations without a network."""

import asyncio
import json

from litemaas.providers.demo.errors import ApiError
from litemaas.providers.demo.event_stream import EventStream
from litemaas.providers.demo.hang_up import StopAtHangUp


async def count(closed, until=None):
    try:
        for number in (1, 2, 3):
            if number == until:
                raise ApiError(500, "the model broke")
            yield {"number": number}
    finally:
        closed.set()


async def test_events_are_sent_one_by_one_and_done_at_last(connect):
    connection, closed = connect(), asyncio.Event()
    await connection.run(EventStream(count(closed)))

    assert [message.get("body") for message in connection.sent[1:]] == [
        b'data: {"number":1}\n\n',
        b'data: {"number":2}\n\n',
        b'data: {"number":3}\n\n',
        b"data: [DONE]\n\n",
        b"",
    ]
    assert closed.is_set()


async def test_an_error_in_the_middle_becomes_an_event(connect):
    connection, closed = connect(), asyncio.Event()
    await connection.run(EventStream(count(closed, until=2)))

    events = connection.body.split(b"\n\n")
    assert json.loads(events[1].removeprefix(b"data: "))["error"]["message"] == "the model broke"
    assert events[2] == b"data: [DONE]"


async def test_a_stream_that_cannot_be_sent_on_closes_its_source(connect):
    connection, closed = connect(), asyncio.Event()
    full = asyncio.Event()

    async def send_two_messages(message):
        connection.sent.append(message)
        if len(connection.sent) == 2:
            full.set()
            await asyncio.Future()  # a client that does not read

    stream = EventStream(count(closed))
    sending = asyncio.create_task(StopAtHangUp(stream)({"type": "http"}, connection.receive, send_two_messages))
    await full.wait()
    connection.gone.set()
    await sending

    assert closed.is_set()
