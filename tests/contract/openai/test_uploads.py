"""Forms with files, as the official SDK sends them: transcriptions, translations, image edits."""

import io
import json
import wave
from decimal import Decimal

import openai
import pytest

from support.forms import Form, read_form
from support.upstream import DONE, STREAM_HEAD, Call, Script, events, framed, hanging, http, raw
from support.wire import wire_to

pytestmark = pytest.mark.xdist_group("contract_openai")

FREE = {"input_token": "0", "output_token": "0"}


def audio(seconds: int) -> tuple[str, bytes]:
    """A file of silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000 * seconds))
    return "silence.wav", file.getvalue()


def answering(answer: object, forms: list[Form]) -> Script:
    """Note the form that was sent, and answer."""

    async def script(call: Call) -> None:
        forms.append(read_form(call.headers["content-type"], call.body))
        await call.send(http(json.dumps(answer).encode()))

    return script


async def test_a_transcription_is_paid_for_by_the_seconds_that_the_upstream_tells(server, sdk, upstream):
    model = await server.rows.model(upstream.url, second="0.0001", credential="sk-u", **FREE)
    key = await server.rows.key()
    forms: list[Form] = []
    upstream.script = answering({"text": "Hello.", "usage": {"type": "duration", "seconds": 4}}, forms)
    answer = await sdk.call("audio.transcriptions.create", key, model=model, file=audio(3), language="de")
    assert answer.text == "Hello."
    call, (form,) = upstream.calls[0], forms
    assert (call.path, call.headers["authorization"]) == ("/v1/audio/transcriptions", "Bearer sk-u")
    assert form.fields == {"model": b"upstream-name", "language": b"de"}
    assert form.files == {"file": ("silence.wav", "audio/x-wav", audio(3)[1])}
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["estimated"], row["cost"]) == ("/audio/transcriptions", False, Decimal("0.0004"))


async def test_a_transcription_that_tells_nothing_is_paid_for_by_the_duration_of_the_file(server, sdk, upstream):
    model = await server.rows.model(upstream.url, second="0.0001", **FREE)
    key = await server.rows.key()
    upstream.script = raw(http(b"1\n00:00:00,000 --> 00:00:02,000\nHello.\n", "200 OK", "text/plain"))
    answer = await sdk.call("audio.transcriptions.create", key, model=model, file=audio(3), response_format="srt")
    assert answer.endswith("Hello.\n")
    (row,) = await server.booked(key)
    assert (row["estimated"], row["cost"]) == (True, Decimal("0.0003"))


async def test_audio_that_the_money_does_not_suffice_for_is_not_sent(server, sdk, upstream):
    model = await server.rows.model(upstream.url, second="0.0001", **FREE)
    key = await server.rows.key(max_budget="0.0005")
    with pytest.raises(openai.RateLimitError) as refused:
        await sdk.call("audio.transcriptions.create", key, model=model, file=audio(6))
    assert refused.value.code == "insufficient_quota"
    assert not upstream.calls


async def test_audio_that_is_paid_for_by_tokens_is_bounded_too(server, sdk, upstream):
    model = await server.rows.model(upstream.url, input_token="0.001", output_token="0")
    key = await server.rows.key(max_budget="0.4")
    with pytest.raises(openai.RateLimitError):
        await sdk.call("audio.transcriptions.create", key, model=model, file=audio(9))
    assert not upstream.calls


async def test_a_streamed_transcription_is_passed_on(server, sdk, upstream):
    model = await server.rows.model(upstream.url)
    key = await server.rows.key()
    delta = {"type": "transcript.text.delta", "delta": "Hel"}
    done = {"type": "transcript.text.done", "text": "Hello.", "usage": {"input_tokens": 14, "output_tokens": 3}}
    upstream.script = raw(STREAM_HEAD, framed(events(delta, done).removesuffix(DONE)), framed(b""))
    told = await sdk.call("audio.transcriptions.create", key, model=model, file=audio(1), stream=True)
    assert [one.type for one in told] == [delta["type"], done["type"]]
    (row,) = await server.booked(key)
    assert (row["streamed"], row["input_tokens"], row["output_tokens"]) == (True, 14, 3)


@pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")  # the SDK's own mark on this method
async def test_a_translation_goes_to_its_route(server, sdk, upstream):
    model = await server.rows.model(upstream.url, second="0.0001", **FREE)
    key = await server.rows.key()
    upstream.script = answering({"text": "Hello.", "duration": 2.2, "segments": []}, [])
    answer = await sdk.call("audio.translations.create", key, model=model, file=audio(3))
    assert answer.text == "Hello."
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["cost"]) == ("/audio/translations", Decimal("0.0003"))


async def test_an_edited_image_is_paid_for_with_those_that_were_sent(server, sdk, upstream):
    model = await server.rows.model(upstream.url, image="0.01", output_image="0.04", **FREE)
    key = await server.rows.key()
    forms: list[Form] = []
    upstream.script = answering({"created": 1, "data": [{"b64_json": "aGk="}] * 2}, forms)
    pictures = [("a.png", b"\x89PNG a"), ("b.png", b"\x89PNG b")]
    answer = await sdk.call("images.edit", key, model=model, prompt="Join them", image=pictures, n=2)
    assert len(answer.data) == 2
    assert forms[0].fields["n"] == b"2"
    assert [name for name, _, _ in forms[0].all_files["image[]"]] == ["a.png", "b.png"]
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["cost"]) == ("/images/edits", Decimal("0.1"))


async def test_a_failed_upload_is_sent_whole_to_another_deployment(server, sdk, upstream):
    model = await server.rows.model(upstream.url, second="0.0001", **FREE)
    await server.rows.second_deployment(model, upstream.url)
    key = await server.rows.key()
    forms: list[Form] = []
    answer = answering({"text": "Hello."}, forms)

    async def first_fails(call: Call) -> None:
        if len(upstream.calls) == 1:
            await call.send(http(b"{}", "500 Internal Server Error"))
        else:
            await answer(call)

    upstream.script = first_fails
    await sdk.call("audio.transcriptions.create", key, model=model, file=audio(2))
    assert forms[0].files["file"][2] == audio(2)[1]
    (row,) = await server.booked(key)
    assert row["attempts"] == 2


async def test_a_model_that_is_named_after_the_file_is_found(server, upstream):
    model = await server.rows.model(upstream.url, second="0.0001", **FREE)
    key = await server.rows.key()
    forms: list[Form] = []
    upstream.script = answering({"text": "Hello."}, forms)
    answer = await server.ask(by_hand(key, ("file", audio(1)), ("model", model)))
    assert answer.status == 200
    assert forms[0].fields["model"] == b"upstream-name"


@pytest.mark.parametrize(
    ("parts", "status", "param"),
    [
        ([("file", ("a.wav", b"RIFF"))], 400, "model"),
        ([("model", "MODEL")], 400, "file"),
        ([("model", "MODEL"), ("model", "MODEL"), ("file", ("a.wav", b"RIFF"))], 400, "model"),
        ([("model", "not-there"), ("file", ("a.wav", b"RIFF"))], 404, "model"),
    ],
)
async def test_what_is_wrong_in_a_form_is_told(server, upstream, model, key, parts, status, param):
    parts = [(name, model if value == "MODEL" else value) for name, value in parts]
    answer = await server.ask(by_hand(key, *parts))
    assert (answer.status, answer.error["param"]) == (status, param)
    assert not upstream.calls


async def test_a_client_that_hangs_up_ends_the_call_and_frees_the_disk(server, upstream):
    model = await server.rows.model(upstream.url, second="0.0001", **FREE)
    key = await server.rows.key()
    upstream.script = hanging()
    async with wire_to(server.address) as wire:
        await wire.send(by_hand(key, ("model", model), ("file", audio(2))))
        await upstream.until(lambda: len(upstream.calls) == 1)
        wire.hang_up()
        await upstream.until(lambda: upstream.aborted == 1)
    (row,) = await server.booked(key)
    assert (row["status"], row["cost"]) == (499, Decimal("0.0002"))


async def test_nobody_uploads_without_a_key(server, upstream, model):
    for key in (None, "sk-nobodys"):
        assert (await server.ask(by_hand(key, ("file", audio(1)), ("model", model)))).status == 401
    assert not upstream.calls


def by_hand(key: str | None, *parts: tuple[str, object], path: str = "/v1/audio/transcriptions") -> bytes:
    """A form whose parts are in this order; a file is a pair of its name and content."""
    body = b""
    for name, value in parts:
        filename, content = value if isinstance(value, tuple) else (None, value.encode())
        file = f'; filename="{filename}"' if filename else ""
        body += f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"
    body += b"--b--\r\n"
    authorization = f"Authorization: Bearer {key}\r\n" if key else ""
    return (
        f"POST {path} HTTP/1.1\r\nHost: gateway\r\n{authorization}"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
