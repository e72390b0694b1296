"""Whatever bytes come, the edge answers or closes, and the next client is served."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.upstream import chat
from support.wire import CHAT, hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_fuzz")

PIECES = [
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b"\r\n\r\n",
    b": ",
    b" ",
    b"\t",
    b"\xff",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Connection: upgrade\r\nUpgrade: websocket\r\n",
    b"Host: b\r\n",
    b"HTTP/1.0",
    b"HTTP/2.0",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"0\r\n\r\n",
    b"\x16\x03\x01\x02\x00",
    b"{" * 50,
]
MUTATION = st.tuples(st.sampled_from(["insert", "replace", "delete"]), st.integers(0, 600), st.sampled_from(PIECES))
USUAL = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def mutated(data: bytes, mutations: list[tuple[str, int, bytes]]) -> bytes:
    for kind, place, piece in mutations:
        start = place % (len(data) + 1)
        end = start if kind == "insert" else start + len(piece)
        data = data[:start] + (b"" if kind == "delete" else piece) + data[end:]
    return data


async def thrown_at(gateway, data: bytes) -> bytes:
    """All that the gateway says to `data` and to the end of it."""
    async with wire_to(gateway.address) as wire:
        await wire.send(data)
        received = bytearray()
        try:
            async with asyncio.timeout(0.02):  # it may rightly wait for more
                while piece := await wire.reader.read(65536):
                    received += piece
        except (TimeoutError, ConnectionError):
            pass
    return bytes(received)


@given(mutations=st.lists(MUTATION, min_size=1, max_size=4), cut=st.none() | st.integers(1, 600))
@USUAL
async def test_a_mutated_request_does_no_harm(gateway, upstream, model, key, mutations, cut):
    upstream.script = chat()
    request = post(hello(model), key)
    received = await thrown_at(gateway, mutated(request, mutations)[:cut])
    assert received == b"" or received.startswith((b"HTTP/1.1 2", b"HTTP/1.1 4", b"HTTP/1.1 100")), received
    assert (await gateway.ask(request)).status == 200


@given(data=st.binary(min_size=1, max_size=300), start=st.sampled_from([b"", f"POST {CHAT} HTTP/1.1\r\n".encode()]))
@USUAL
async def test_arbitrary_bytes_do_no_harm(gateway, model, key, data, start):
    received = await thrown_at(gateway, start + data + b"\r\n\r\n")
    assert received == b"" or received.startswith(b"HTTP/1.1 4"), received
    assert (await gateway.ask(post(hello(model), key))).status == 200


HIDDEN = post(hello("hidden"), "sk-hidden-in-a-body-0001")


@given(mutations=st.lists(MUTATION, max_size=3))
@USUAL
async def test_a_request_hidden_in_a_body_is_never_taken_for_one(gateway, upstream, model, key, mutations):
    """However the head is damaged, nothing in a body of stated length is ever answered as a request of its own."""
    upstream.forget()
    head, end, _ = post(b"x" * len(HIDDEN), key).partition(b"\r\n\r\n")
    lines = [one for one in mutated(head, mutations).split(b"\r\n") if one and not one.startswith(b"Content-Length")]
    damaged = b"\r\n".join([*lines, b"Content-Length: %d" % len(HIDDEN)]) + end + HIDDEN
    received = await thrown_at(gateway, damaged)
    assert received.count(b"HTTP/1.1 ") <= 1, received
