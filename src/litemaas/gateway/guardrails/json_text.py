r"""Reads a text that is JSON, such as the arguments of a tool call, and leaves it JSON, whatever is masked in it.

Each string in it is a text of its own, read without its escapes, so that a secret cannot hide behind `\u0041`. What
stands outside of strings is numbers and literals; where something is found in one, a string takes its place. The text
may come in pieces cut anywhere, and need not be right: models make mistakes.
"""

import re

import msgspec

from litemaas.gateway.guardrails.readers import Reader

_PLAIN = re.compile(r'[^"\\]+')
_SIGNS = re.compile(r"[{}\[\]:,\s]+")
_BARE = re.compile(r'[^{}\[\]:,\s"]+')
_SURROGATE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}")
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^u])")
_LONGEST_ESCAPE = 12
_LONGEST_BARE = 1024
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_encode = msgspec.json.Encoder().encode


class JsonTextReader:
    """Reads one JSON text."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._rest = ""  # not understood yet
        self._bare = ""
        self._in_string = False

    def feed(self, piece: str, *, final: bool = False) -> str:
        """Take a piece; returns what may be passed on now. After the `final` one another text may begin."""
        text, self._rest = self._rest + piece, ""
        passed: list[str] = []
        at = 0
        while at < len(text):
            at, told = (self._string if self._in_string else self._outside)(text, at, final=final)
            if told is None:
                self._rest = text[at:]
                break
            passed.append(told)
        if final:
            passed.append(_escaped(self._reader.feed("", final=True)) if self._in_string else self._end_bare())
            self._in_string = False
        return "".join(passed)

    def _outside(self, text: str, at: int, *, final: bool) -> tuple[int, str]:  # noqa: ARG002 - as `_string`
        if found := _BARE.match(text, at):
            end = min(found.end(), at + _LONGEST_BARE - len(self._bare))
            self._bare += text[at:end]
            return end, self._end_bare() if len(self._bare) == _LONGEST_BARE else ""
        told = self._end_bare()
        if found := _SIGNS.match(text, at):
            return found.end(), told + found[0]
        self._in_string = True
        return at + 1, told + '"'

    def _end_bare(self) -> str:
        bare, self._bare = self._bare, ""
        told = self._reader.feed(bare, final=True) if bare else ""
        return told if told == bare else f'"{_escaped(told)}"'

    def _string(self, text: str, at: int, *, final: bool) -> tuple[int, str | None]:
        """One step in a string; None: what comes next decides."""
        if plain := _PLAIN.match(text, at):
            return plain.end(), _escaped(self._reader.feed(plain[0]))
        if text[at] == '"':
            self._in_string = False
            return at + 1, _escaped(self._reader.feed("", final=True)) + '"'
        escape = _ESCAPE.match(text, at)
        half = escape is not None and _SURROGATE.fullmatch(escape[0])
        if not final and (escape is None or half) and len(text) - at < _LONGEST_ESCAPE:
            return at, None
        if escape is None or half:
            return escape.end() if escape else at + 1, _escaped(self._reader.feed(_UNKNOWN))
        return escape.end(), _escaped(self._reader.feed(_meaning(escape[0])))


def _meaning(escape: str) -> str:
    try:
        return str(msgspec.json.decode(f'"{escape}"'))
    except msgspec.DecodeError:  # no escape of JSON's: models write Python's, too
        return _UNKNOWN if escape.startswith("\\u") else escape[1:]


def _escaped(text: str) -> str:
    return _encode(text)[1:-1].decode() if text else ""
