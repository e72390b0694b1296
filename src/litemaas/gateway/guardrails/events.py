"""Reads a stream of server-sent events: the texts whose pieces it brings, and everything else that it says.

What of a text is held back comes with the text's next piece, or with an event of its own before the one that ends it.
"""

import re
from typing import Any

import msgspec

from litemaas.domain.guardrails.errors import GuardrailFailedError
from litemaas.gateway.guardrails.pieces import Key, Piece, ended_by, pieces_of
from litemaas.gateway.guardrails.readers import Reader
from litemaas.gateway.guardrails.values import ValueReader

_END = re.compile(rb"\r?\n\r?\n")
_MOST_BYTES = 8 * 1024 * 1024
_DATA = b"data:"
_DONE = b"[DONE]"
_NUMBER = "sequence_number"
_decode = msgspec.json.decode


class _Slot:
    """Holds the place of a piece in an event that is read."""

    __slots__ = ("text",)

    def __init__(self) -> None:
        self.text = ""


def _text_of(slot: _Slot) -> str:
    return slot.text


_encode = msgspec.json.Encoder(enc_hook=_text_of).encode


class EventReader:
    """Reads one stream.

    Args:
        values: Reads what comes whole, and makes readers for what comes in pieces.
    """

    def __init__(self, values: ValueReader) -> None:
        self._values = values
        self._rest = b""
        self._texts: dict[Key, tuple[Reader, Piece, bytes]] = {}
        self._number: int | None = None

    def feed(self, data: bytes) -> bytes:
        """Take some of the stream; returns what may be passed on.

        Raises:
            GuardrailBlockedError: Nothing more may.
            GuardrailFailedError: It cannot be read.
        """
        data = self._rest + data
        passed, at = bytearray(), 0
        for end in _END.finditer(data):
            passed += self._event(data[at : end.start()])
            at = end.end()
        self._rest = data[at:]
        if len(self._rest) > _MOST_BYTES:
            raise GuardrailFailedError("An event of the stream is too large to be looked at, so it does not pass.")
        return bytes(passed)

    def end(self) -> bytes:
        """What was held back; an event that broke off is left out."""
        return self._end_texts(list(self._texts))

    def _event(self, raw: bytes) -> bytes:
        lines = raw.splitlines()
        content = b"\n".join(line[len(_DATA) :].strip() for line in lines if line.startswith(_DATA))
        if content == _DONE:
            return self.end() + raw + b"\n\n"
        if not content:
            return raw + b"\n\n"
        head = b"".join(line + b"\n" for line in lines if not line.startswith(_DATA))
        try:
            event = _decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise GuardrailFailedError("An event of the stream is not JSON, so it does not pass.") from error
        if not isinstance(event, dict):
            return b"%bdata: %b\n\n" % (head, _encode(self._values.read(event)))
        return self._read(head, event)

    def _read(self, head: bytes, event: dict[str, Any]) -> bytes:
        is_ended = ended_by(event)
        pieces = [(piece, _Slot()) for piece in pieces_of(event)]
        for piece, slot in pieces:
            piece.put(slot)  # it is not to be read as a whole text
        read = self._values.read(event)
        for piece, slot in pieces:
            known = self._texts.pop(piece.key, None)
            reader = self._values.reader(piece.name) if known is None else known[0]
            ended = is_ended(piece.key)
            slot.text = reader.feed(piece.text, final=ended)
            if not ended:
                self._texts[piece.key] = reader, piece, head
        before = self._end_texts([key for key in self._texts if is_ended(key)])
        return before + self._written(head, read)

    def _end_texts(self, keys: list[Key]) -> bytes:
        passed = b""
        for key in keys:
            reader, piece, head = self._texts.pop(key)
            if text := reader.feed("", final=True):
                passed += self._written(head, piece.alone(text))
        return passed

    def _written(self, head: bytes, event: dict[str, Any]) -> bytes:
        number = event.get(_NUMBER)
        if isinstance(number, int):  # events of ours count, too
            self._number = number if self._number is None else self._number + 1
            event = event | {_NUMBER: self._number}
        return b"%bdata: %b\n\n" % (head, _encode(event))
