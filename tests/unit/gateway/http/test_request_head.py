"""What could be understood in two ways is refused: a request hidden in another one's body begins with such a head."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.gateway.errors import BadRequestError
from litemaas.gateway.http.request_head import RequestHead

SK_1 = sha256(b"sk-1").digest()
START = b"POST /v1/chat/completions HTTP/1.1\r\n"


LIMIT = 1000


def head(*lines: bytes, start: bytes = START) -> RequestHead:
    return RequestHead(start + b"".join(line + b"\r\n" for line in lines) + b"\r\n")


@pytest.mark.parametrize(
    "lines",
    [
        (b"Host: a", b"Content-Length: 3", b"Transfer-Encoding: chunked"),
        (b"Host: a", b"Transfer-Encoding: chunked", b"Content-Length: 3"),
        (b"Host: a", b"Content-Length: 3", b"Content-Length: 3"),
        (b"Host: a", b"Content-Length: 3", b"Content-Length: 4"),
        (b"Host: a", b"Content-Length: +3"),
        (b"Host: a", b"Content-Length: -3"),
        (b"Host: a", b"Content-Length: 3, 3"),
        (b"Host: a", b"Content-Length: 0x3"),
        (b"Host: a", b"Content-Length: 99999999999999999999999"),
        (b"Host: a", b"Content-Length : 3"),
        (b"Host: a", b"Transfer-Encoding: gzip"),
        (b"Host: a", b"Transfer-Encoding: chunked, gzip"),
        (b"Host: a", b"Transfer-Encoding: xchunked"),
        (b"Host: a", b"Transfer-Encoding : chunked"),
        (b"Host: a", b"X-Folded: one", b" two"),
        (b"Host: a", b"X-Nul: a\0b"),
        (b"Host: a", b"X-Line: a\rb"),
        (b"Host: a\nContent-Length: 3",),
        (b"Host: a", b"no colon"),
        (b"Host: a", b": no name"),
        (b"Content-Length: 3",),
        (b"Host: a", b"Host: a"),
        (b"Host: a", b"host: b"),
    ],
)
def test_a_head_that_two_servers_could_read_differently_is_refused(lines):
    with pytest.raises(BadRequestError):
        head(*lines)


@pytest.mark.parametrize(
    "start",
    [
        b"POST /v1/chat/completions HTTP/1.\r\n",
        b"POST /v1/chat/completions HTTP/1.2\r\n",
        b"POST /v1/chat completions HTTP/1.1\r\n",
        b"POST /v1/chat/completions HTTP/1.1\n",
        b"post /v1/chat/completions HTTP/1.1\r\n",
    ],
)
def test_a_malformed_request_line_is_refused(start):
    with pytest.raises(BadRequestError):
        head(b"Host: a", start=start)


def test_http_1_0_knows_no_transfer_encoding():
    with pytest.raises(BadRequestError):
        head(b"Host: a", b"Transfer-Encoding: chunked", start=b"POST /v1/embeddings HTTP/1.0\r\n")


def test_http_1_0_needs_no_host_and_closes_unless_asked_to_stay():
    start = b"POST /v1/embeddings HTTP/1.0\r\n"
    assert not head(b"Content-Length: 3", start=start).keep_alive
    assert head(b"Connection: keep-alive", start=start).keep_alive


def test_http_1_1_stays_unless_asked_to_close():
    assert head(b"Host: a").keep_alive
    assert not head(b"Host: a", b"Connection: close").keep_alive


def test_length_and_expectation_are_read():
    found = head(b"Host: a", b"content-LENGTH: 12", b"Expect: 100-continue")
    assert (found.length, found.chunked, found.expects_continue) == (12, False, True)
    assert head(b"Host: a", b"Transfer-Encoding: chunked").chunked


def test_a_wish_to_upgrade_is_ignored():
    assert head(b"Host: a", b"Connection: Upgrade", b"Upgrade: h2c", b"Content-Length: 2").length == 2


@pytest.mark.parametrize(
    "line",
    [
        b"Authorization: Bearer sk-1",
        b"authorization: bearer  sk-1 ",
        b"x-litellm-api-key: sk-1",
        b"x-litellm-api-key: Bearer sk-1",
        b"X-API-Key: sk-1",
        b"api-key: sk-1",
    ],
)
def test_the_key_is_found_in_each_header_that_may_carry_it(line):
    assert head(b"Host: a", line).key_digest == SK_1


def test_an_empty_header_counts_as_absent():
    assert head(b"Host: a", b"Authorization: Bearer ", b"x-api-key:", b"api-key: sk-1").key_digest == SK_1
    assert head(b"Host: a", b"Authorization: Basic c2s=").key_digest is None


def test_a_request_id_that_can_be_echoed_is_kept():
    assert head(b"Host: a", b"x-request-id: my-id 1").request_id == "my-id 1"


@pytest.mark.parametrize("text", [b"", b"caf\xc3\xa9", b"tab\there", b"x" * 129])
def test_a_request_id_that_no_header_or_log_should_carry_is_not_kept(text):
    assert head(b"Host: a", b"x-request-id: " + text).request_id is None


def test_a_request_with_the_same_head_but_for_its_length_is_known_again():
    first = START + b"Host: a\r\nContent-Length: %d\r\nAuthorization: Bearer sk-1\r\n\r\n"
    assert RequestHead(first % 3).recurring.body_of(first % 14 + b"x" * 14, LIMIT) == b"x" * 14


@pytest.mark.parametrize(
    "data",
    [
        START + b"Host: a\r\nContent-Length: 4\r\n\r\nbod",
        START + b"Host: a\r\nContent-Length: 4\r\n\r\nbody and more",
        START + b"Host: a\r\nContent-Length: 4\r\ncontent-length: 5\r\n\r\nbody",
        START + b"Host: a\r\nContent-Length: +4\r\n\r\nbody",
        START + b"Host: a\r\nContent-Length: 4_0\r\n\r\nbody",
        START + b"Host: a\r\nContent-Length: \r\n\r\nbody",
        START + b"Host: b\r\nContent-Length: 4\r\n\r\nbody",
        START + b"Host: a\r\nContent-Length: 20\r\n\r\n" + b"x" * 20,
    ],
)
def test_what_is_not_just_such_a_request_is_read_anew(data):
    assert RequestHead(START + b"Host: a\r\nContent-Length: 3\r\n\r\n").recurring.body_of(data, 19) is None


def test_a_head_without_a_length_is_not_known_again():
    without = START + b"Host: a\r\n\r\n"
    assert RequestHead(without).recurring.body_of(without, LIMIT) is None
    assert RequestHead(without).recurring.body_of(without + without, LIMIT) is None


def test_a_client_that_waits_for_a_100_is_asked_to_go_on_each_time():
    waiting = START + b"Host: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
    assert RequestHead(waiting).recurring is None


def test_only_http_1_1_takes_an_answer_in_chunks():
    assert head(b"Host: a").takes_chunks
    assert not head(b"Host: a", start=b"POST /v1/embeddings HTTP/1.0\r\n").takes_chunks


lines = st.sampled_from(
    [
        b"Host: a",
        b"Content-Length: 3",
        b"Content-Length: 12",
        b"content-length: 3",
        b"CONTENT-LENGTH: 4",
        b"Content-Length: 3\rX: y",
        b"Content-Length: 3, 3",
        b"X: Content-Length: 3",
        b" folded",
        b"Transfer-Encoding: chunked",
        b"Authorization: Bearer sk-1",
        b"Connection: close",
    ]
)


@given(st.lists(lines, max_size=5), st.lists(lines, max_size=5), st.sampled_from((b"", b"abc", b"x" * 12)))
def test_what_is_known_again_would_be_read_alike(known, lines, body):
    first, second = (START + b"".join(line + b"\r\n" for line in some) + b"\r\n" for some in (known, lines))
    try:
        remembered = RequestHead(first)
    except BadRequestError:
        return
    if remembered.recurring.body_of(second + body, LIMIT) is not None:
        assert verdict(second) == (len(body), *verdict(first)[1:])


def verdict(data: bytes) -> tuple[object, ...]:
    read = RequestHead(data)
    return read.length, read.chunked, read.keep_alive, read.key_digest


@pytest.mark.parametrize(
    "request_head",
    [
        b"POST / HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: miracles\r\n\r\n",
    ],
)
def test_nobody_is_told_to_continue_who_does_not_wait_for_it(request_head):
    assert not RequestHead(request_head).expects_continue
