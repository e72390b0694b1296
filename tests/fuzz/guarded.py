"""Guardrails: no secret passes, JSON stays JSON, and nothing depends on how a text came."""

import json

from fuzz.cutting import Choices
from litemaas.domain.guardrails.entities import Action, Side
from litemaas.domain.guardrails.errors import GuardrailFailedError
from litemaas.domain.guardrails.masking import TextReader, masked
from litemaas.domain.guardrails.patterns import PatternDetector
from litemaas.domain.guardrails.secrets import SecretDetector
from litemaas.domain.guardrails.tally import Tally
from litemaas.gateway.guardrails.events import EventReader
from litemaas.gateway.guardrails.json_text import JsonTextReader
from litemaas.gateway.guardrails.readers import Guard, Guards
from litemaas.gateway.guardrails.values import ValueReader

SEEDS = (
    b"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 sk-abcdefgh12345678ijklmnop eyJ-----BEGIN PRIVATE KEY-----\x00\x05\x09",
    b'{"a":"\\u0041\\ud83d\\ude00 123456","b":[1234567,true,null]}\x01\x02\x03',
    b'data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{"}}]}}]}\n\n\x02\x01',
    b'data: {"choices":[{"index":0,"delta":{"content":"ghp_"},"finish_reason":"stop"}]}\n\n\x02\x01\x04',
    b'data: {"type":"response.output_text.delta","delta":"a","item_id":"i","sequence_number":1}\n\n\x02\x05\x01',
    b'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"123"}}\n\n\x02\x02\x02',
)
_DETECTORS = (SecretDetector(), PatternDetector("x", [r"\d{6,9}", r"\bgeheim\b", "日本"]))


def check(data: bytes) -> None:
    """Mask a text, a JSON text or a stream, whole and in pieces."""
    choices = Choices(data)
    (_check_text, _check_json, _check_stream)[choices.number(3)](choices)


def _check_text(choices: Choices) -> None:
    for detector in _DETECTORS:
        text, pieces = _texts(choices)
        whole = masked(text, detector, lambda finding: f"[{finding.kind}]")
        reader = TextReader(detector, lambda finding: f"[{finding.kind}]")
        assert "".join([*map(reader.feed, pieces), reader.feed("", final=True)]) == whole


def _check_json(choices: Choices) -> None:
    text, pieces = _texts(choices)
    whole = JsonTextReader(_guards().reader()).feed(text, final=True)
    reader = JsonTextReader(_guards().reader())
    assert "".join([*map(reader.feed, pieces), reader.feed("", final=True)]) == whole
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return
    json.loads(whole)


def _check_stream(choices: Choices) -> None:
    pieces = choices.pieces()
    told = [_read([b"".join(pieces)]), _read(pieces)]
    assert told[0] == told[1]


def _read(pieces: list[bytes]) -> bytes | None:
    reader = EventReader(ValueReader(_guards(), answers=True))
    try:
        return b"".join(map(reader.feed, pieces)) + reader.end()
    except GuardrailFailedError as error:
        if error.__cause__ is None or isinstance(
            error.__cause__, (ValueError, RecursionError)
        ):  # no JSON, or too large
            return None
        raise


def _guards() -> Guards:
    guards = [Guard(f"g{place}", Action.MASK, one, quick=True) for place, one in enumerate(_DETECTORS)]
    return Guards(guards, Side.OUTPUT, Tally(), "a fuzzer")


def _texts(choices: Choices) -> tuple[str, list[str]]:
    pieces = [piece.decode("latin-1") for piece in choices.pieces()]
    return "".join(pieces), pieces
