r"""How long a match of a regular expression can be, so that a stream need not be held back for longer.

Reads RE2's syntax (https://github.com/google/re2/wiki/Syntax) for nothing but lengths; whether a pattern is right at
all, RE2 has said before. A pattern without a longest match is told apart by `math.inf`.
"""

import math
import re
from typing import NamedTuple

_ESCAPE = re.compile(
    r"\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|[0-7]{1,3}|[pP](?:\{[^}]*\}|.)|.)",
    re.DOTALL,
)
_LITERALS = re.compile(r"\\Q(.*?)(?:\\E|\Z)", re.DOTALL)
_CLASS = re.compile(r"\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]", re.DOTALL)
_COUNT = re.compile(r"\{(\d+)(,?)(\d*)\}")
_GROUP = re.compile(r"\((?:\?(?:P?<\w+>|[imsU-]*(?P<end>[:)])))?")
_EMPTY_WIDTH = frozenset(("\\b", "\\B", "\\A", "\\z"))
_SHORTEST_OF = {"*": 0, "+": 1, "?": 0}


class Lengths(NamedTuple):
    """Of matches, in characters."""

    shortest: int
    longest: float


_NOTHING = Lengths(0, 0)
_ONE = Lengths(1, 1)


def lengths_of(pattern: str) -> Lengths:
    """The lengths that matches of a valid RE2 pattern can have."""
    return _Reader(pattern).alternatives()


class _Reader:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def alternatives(self) -> Lengths:
        """Up to the end of the group or of the pattern."""
        found = [self._sequence()]
        while self._take("|"):
            found.append(self._sequence())
        return Lengths(min(one.shortest for one in found), max(one.longest for one in found))

    def _sequence(self) -> Lengths:
        total = _NOTHING
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            one = self._repeated(self._piece())
            total = Lengths(total.shortest + one.shortest, total.longest + one.longest)
        return total

    def _piece(self) -> Lengths:
        pattern, at = self._pattern, self._at
        character = pattern[at]
        if character == "(":
            return self._group()
        if character == "[" and (found := _CLASS.match(pattern, at)):
            self._at = found.end()
            return _ONE
        if literals := _LITERALS.match(pattern, at):
            self._at = literals.end()
            return Lengths(len(literals[1]), len(literals[1]))
        if escape := _ESCAPE.match(pattern, at):
            self._at = escape.end()
            return _NOTHING if escape[0] in _EMPTY_WIDTH else _ONE
        self._at += 1
        return _NOTHING if character in "^$" else _ONE

    def _group(self) -> Lengths:
        found = _GROUP.match(self._pattern, self._at)
        self._at = found.end() if found else self._at + 1
        if found and found["end"] == ")":  # only flags
            return _NOTHING
        inner = self.alternatives()
        self._take(")")
        return inner

    def _repeated(self, one: Lengths) -> Lengths:
        while self._at < len(self._pattern):
            character = self._pattern[self._at]
            count = _COUNT.match(self._pattern, self._at)
            if character in _SHORTEST_OF:
                self._at += 1
                most = 1 if character == "?" else math.inf
                one = _times(one, _SHORTEST_OF[character], most)
            elif count is not None:
                self._at = count.end()
                least = int(count[1])
                most = least if not count[2] else int(count[3]) if count[3] else math.inf
                one = _times(one, least, most)
            else:
                break
            self._take("?")  # as short as possible: no matter here
        return one

    def _take(self, character: str) -> bool:
        found = self._pattern.startswith(character, self._at)
        self._at += found
        return found


def _times(one: Lengths, least: int, most: float) -> Lengths:
    longest = one.longest * most if one.longest and most else 0  # nothing stays nothing, however often
    return Lengths(one.shortest * least, longest)
