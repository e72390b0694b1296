import asyncio
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.gateway.errors import BadRequestError, BodyTooLargeError
from litemaas.gateway.uploads.durations import Duration, duration_of
from litemaas.gateway.uploads.forms import Form
from litemaas.gateway.uploads.reading import read_form
from litemaas.gateway.uploads.spooling import SpoolFullError, Spools
from litemaas.gateway.uploads.writing import write_form
from litemaas.settings import UploadSettings

TYPE = "multipart/form-data; boundary=b"
SPOOLS = Spools(UploadSettings(max_upload_bytes=1 << 20))


async def in_pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


def read(body: bytes, content_type: str | None = TYPE, size: int = 65536, spools: Spools = SPOOLS) -> Form:
    return asyncio.run(read_form(content_type, in_pieces(body, size), spools))


def content(form: Form) -> tuple[list[tuple[str, bytes]], list[tuple[str, str, str, bytes]]]:
    files = []
    for file in form.files:
        file.spool.file.seek(0)
        files.append((file.name, file.filename, file.content_type, file.spool.file.read()))
    return form.fields, files


def part(name: str, value: str, more: str = "") -> str:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'


names = st.text(st.characters(categories=["L", "N"], include_characters=" []_."), min_size=1, max_size=20)


@given(
    st.lists(st.tuples(names, st.text(max_size=50))),
    st.lists(st.tuples(names, names, st.binary(max_size=200)), max_size=4),
    st.integers(1, 300),
)
def test_what_an_sdk_sends_is_read_however_it_is_cut_and_is_the_same_after_it_was_written_anew(fields, files, size):
    sent = [(name, (None, value.encode(), None)) for name, value in fields]
    sent += [(name, (filename, data, "audio/wav")) for name, filename, data in files]
    request = httpx.Request("POST", "http://host/", files=sent or [("a", (None, b""))])
    form = read(request.read(), request.headers["content-type"], size)
    assert content(form)[1] == [(name, filename, "audio/wav", data) for name, filename, data in files]

    async def rewritten() -> tuple[Form, int, int]:
        written = write_form(form, model="upstream-name")
        body = b"".join([piece async for piece in written.pieces])
        return await read_form(written.content_type, in_pieces(body, size), SPOOLS), len(body), written.length

    again, length, told = asyncio.run(rewritten())
    assert length == told
    kept = [(name, value) for name, value in form.fields if name != "model"]
    assert content(again) == ([*kept, ("model", b"upstream-name")], content(form)[1])
    form.close()
    again.close()
    assert SPOOLS.size == 0


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no form",
        "--b\r\n\r\nno head\r\n--b--\r\n",
        '--b\r\nContent-Disposition: form-data; name=""\r\n\r\nx\r\n--b--\r\n',
        '--b\r\nContent-Disposition: attachment; name="model"\r\n\r\nx\r\n--b--\r\n',
        part("model", "m"),
        part("model", "m") + "--b",
        part("model", "m", "\r\nContent-Transfer-Encoding: base64") + "--b--\r\n",
        part("model", "m", '\r\nContent-Disposition: form-data; name="other"') + "--b--\r\n",
        "".join(part("a", "x") for _ in range(65)) + "--b--\r\n",
        part("prompt", "x" * (1 << 20)) + "--b--\r\n",
    ],
)
def test_a_form_that_could_be_read_in_two_ways_or_not_at_all_is_refused(body):
    with pytest.raises((BadRequestError, BodyTooLargeError)):
        read(body.encode())
    assert SPOOLS.size == 0


@pytest.mark.parametrize("content_type", [None, "application/json", "multipart/form-data", TYPE + "b" * 300])
def test_what_is_no_form_is_refused(content_type):
    with pytest.raises(BadRequestError):
        read(b"{}", content_type)


def test_a_field_that_counts_may_not_be_given_twice():
    form = read((part("model", "cheap") + part("model", "dear") + part("user", "u") + "--b--\r\n").encode())
    assert form.text("user") == "u"
    assert form.text("n") is None
    with pytest.raises(BadRequestError):
        form.text("model")


def test_a_form_that_is_too_large_is_refused_and_leaves_nothing_behind():
    large = part("file", "x" * (1 << 20), '; filename="a.wav"') + "--b--\r\n"
    with pytest.raises(BodyTooLargeError):
        read(large.encode())
    assert SPOOLS.size == 0


def test_all_forms_together_are_bounded():
    spools = Spools(UploadSettings(max_spool_bytes=1000))
    body = (part("file", "x" * 600, '; filename="a.wav"') + "--b--\r\n").encode()
    first = read(body, spools=spools)
    with pytest.raises(SpoolFullError):
        read(body + body, size=64, spools=spools)
    with pytest.raises(SpoolFullError):
        spools.check_room(500)
    first.close()
    read(body, spools=spools).close()
    assert spools.size == 0


def test_a_form_that_stops_coming_is_given_up_and_leaves_nothing_behind():
    async def stopping() -> AsyncIterator[bytes]:
        yield part("file", "x" * 100, '; filename="a.wav"').encode()
        await asyncio.Event().wait()

    with pytest.raises(BadRequestError, match="stopped coming"):
        asyncio.run(read_form(TYPE, stopping(), SPOOLS, 0.05))
    assert SPOOLS.size == 0


def test_the_duration_of_audio_is_read_from_its_container(tmp_path: Path):
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(8000)
        audio.writeframes(b"\0\0" * 20_001)
    with path.open("rb") as file:
        assert duration_of(file, path.stat().st_size) == Duration(3, 3)


@pytest.mark.parametrize("data", [b"", b"\x1aE\xdf\xa3 webm", b"RIFF", b"x" * 40_000])
def test_audio_that_tells_no_duration_is_bounded_by_its_size(tmp_path: Path, data):
    path = tmp_path / "a"
    path.write_bytes(data)
    with path.open("rb") as file:
        found = duration_of(file, len(data))
    assert found.most == max(1, -(-len(data) // 750))
    assert found.likely == max(1, -(-len(data) // 4000))


def test_a_container_that_tells_less_than_its_size_allows_is_not_believed(tmp_path: Path):
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as audio:
        audio.setnchannels(2)
        audio.setsampwidth(4)
        audio.setframerate(2_000_000)
        audio.writeframes(bytes(8 * 100_000))
    with path.open("rb") as file:
        assert duration_of(file, path.stat().st_size).most > 1000
