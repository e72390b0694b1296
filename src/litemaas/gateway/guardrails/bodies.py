"""Reads whole bodies: what is asked, and what is answered at once."""

from typing import Any

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from litemaas.domain.guardrails.errors import GuardrailFailedError
from litemaas.gateway.endpoints.call_request import CallRequest
from litemaas.gateway.errors import BadRequestError
from litemaas.gateway.guardrails.readers import Guards
from litemaas.gateway.guardrails.values import ValueReader

_MODEL = "model"
_decode = msgspec.json.decode
_encode = msgspec.json.Encoder().encode
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_JSON_FORMATS = frozenset(("json_object", "json_schema"))
_WRITTEN_BY_MODELS = frozenset(("content", "text", "output_text"))


def read_request(request: CallRequest, guards: Guards) -> CallRequest:
    """Read what a client asks; returns what the model may get.

    What was read is written anew, so that nobody can show us one text and the model another.

    Raises:
        GuardrailBlockedError: It may not pass.
        GuardrailFailedError: A guardrail could not read it.
        BadRequestError: It is no JSON that can be read.
    """
    values = ValueReader(guards)
    fields = {}
    for name, raw in request.fields.items():
        try:
            fields[name] = raw if name == _MODEL else Raw(_encode(values.read(_decode(raw), name)))
        except _UNREADABLE as error:
            if not guards.holds:
                continue
            raise BadRequestError("A guardrail cannot read the body.", param=name) from error
    if not guards.holds:
        return request
    more = sum(max(0, len(bytes(raw)) - len(bytes(request.fields[name]))) for name, raw in fields.items())
    asked = replace(request.asked, input_bytes=request.asked.input_bytes + more)
    return replace(request, fields=fields, asked=asked)


def read_answer(body: bytes, values: ValueReader, guards: Guards) -> bytes:
    """Read a whole answer; returns what the client may get.

    Raises:
        GuardrailBlockedError: It may not pass.
        GuardrailFailedError: A guardrail could not read it.
    """
    try:
        answer = _decode(body)
    except _UNREADABLE:
        return _read_plain(body, guards) if guards.holds else body
    read = values.read(answer)
    return _encode(read) if guards.holds and read != answer else body


def json_texts(request: CallRequest) -> frozenset[str]:
    """The names of an answer's texts that are JSON because the client asked for that."""
    formats = (_at(request, "response_format"), _at(request, "text", "format"), _at(request, "output_config", "format"))
    return _WRITTEN_BY_MODELS if any(one in _JSON_FORMATS for one in formats) else frozenset()


def _read_plain(body: bytes, guards: Guards) -> bytes:
    """Read a transcription that was asked for as text."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise GuardrailFailedError("The answer is no text, so guardrails cannot look at it.") from error
    told = guards.reader().feed(text, final=True)
    return told.encode()


def _at(request: CallRequest, *path: str) -> Any:
    """The `type` at a path of the request; None: there is none."""
    try:
        value = _decode(request.fields[path[0]])
        for name in (*path[1:], "type"):
            value = value[name]
    except (KeyError, TypeError, *_UNREADABLE):
        return None
    return value if isinstance(value, str) else None
