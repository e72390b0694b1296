"""Bodies of requests: what is refused is refused with a reason; what goes on says to the model what it said to us."""

import json
from typing import Any

import msgspec

from fuzz.cutting import Choices
from litemaas.domain.errors import LiteMaaSError
from litemaas.gateway.dialects.messages.translation import MessagesTranslation
from litemaas.gateway.dialects.responses.translation import ResponsesTranslation
from litemaas.gateway.endpoints.call_request import json_text, read_request, upstream_body
from litemaas.gateway.endpoints.rows import BY_PATH, MESSAGES, RESPONSES
from litemaas.gateway.errors import BadRequestError

SEEDS = (
    b'{"model":"m","messages":[{"role":"user","content":"h\\u00e9"}],"stream":true,"stream_options":{"a":1},"n":2}\x00\x01',
    b'{"model":"m","max_tokens":5,"input":"x","model":"n","prompt":[1,2]}\x01\x02',
    b'{"model":"m","max_tokens":9,"system":[{"type":"text","text":"s"}],"messages":[{"role":"user","content":[]}]}\x0c\x00',
)
_ENDPOINTS = (*dict.fromkeys(BY_PATH.values()), MESSAGES, RESPONSES)
_OURS = {"model", "stream_options", "max_tokens", "max_completion_tokens", "max_output_tokens"}


def check(data: bytes) -> None:
    """Read a body for a route, and write it for the upstream."""
    choices = Choices(data)
    endpoint = _ENDPOINTS[choices.number(len(_ENDPOINTS))]
    bound = choices.number(3) or None
    body = choices.rest()
    _translate(body)
    try:
        request = read_request(endpoint, body)
    except BadRequestError:
        return
    written = upstream_body(endpoint, request, json_text("upstream"), bound, "max_tokens")
    sent, given = _fields(written), _fields(body)
    assert sent["model"] == "upstream"
    assert request.asked.model == given["model"]
    assert request.asked.input_bytes > 0
    for name in given.keys() - _OURS:
        assert _same(sent[name], given[name]), name
    assert sent.keys() <= given.keys() | _OURS


def _translate(body: bytes) -> None:
    for translation in (MessagesTranslation, ResponsesTranslation):
        try:
            chat = translation(body).chat
        except LiteMaaSError:
            continue
        assert isinstance(msgspec.json.decode(chat), dict)


def _fields(body: bytes) -> dict[str, Any]:
    fields = json.loads(body)
    assert isinstance(fields, dict)
    return fields


def _same(one: Any, other: Any) -> bool:
    return repr(one) == repr(other)  # NaN is no number that equals itself
