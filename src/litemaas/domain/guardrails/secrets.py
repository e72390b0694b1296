"""Finds keys, tokens and private keys of well-known shapes (`secret_shapes`).

A stream is held back only where a secret may have begun: from its opening to the end of what could be one.
"""

import re

import re2

from litemaas.domain.guardrails.findings import Finding, Scan
from litemaas.domain.guardrails.secret_shapes import SHAPES, Shape

_BY_OPENING = {opening: shape for shape in SHAPES for opening in shape.openings}
_BEGUN = frozenset(opening[:size] for opening in _BY_OPENING for size in range(1, len(opening)))
_LONGEST = max(map(len, _BEGUN))


def _any_of(openings: list[str]) -> str:
    return "|".join(map(re.escape, sorted(openings, key=len, reverse=True)))


_WORDS = _any_of([one for one in _BY_OPENING if one[0].isalnum()])
_SIGNS = _any_of([one for one in _BY_OPENING if not one[0].isalnum()])
_OPENING = re2.compile(rf"(?:^|[^\w-])({_WORDS})|({_SIGNS})")
"""A word may begin with an opening, and not contain it: `task-force` has no `sk-`."""


class SecretDetector:
    """Finds secrets, in a time linear in the text."""

    context = 1  # what stands before an opening

    def scan(self, text: str, start: int, at: int, *, final: bool) -> Scan:  # noqa: ARG002 - where it is, is no matter
        """Look through `text`; where it ends within what may be a secret, that is not settled."""
        findings: list[Finding] = []
        runs: dict[re.Pattern[str], int] = {}  # where the last run of an alphabet ends
        for opening in _OPENING.finditer(text, max(0, start - 1)):
            begin, after = opening.span(1) if opening[1] else opening.span(2)
            if begin < start:
                continue
            shape = _BY_OPENING[text[begin:after]]
            if runs.get(shape.alphabet, -1) < after:
                runs[shape.alphabet] = _run_end(shape, text, after)
            most = begin + shape.most
            end, closed = _closed(shape, text, after, min(runs[shape.alphabet], most))
            if not (final or closed) and end == len(text) < most:
                return Scan(findings, begin)
            size = shape.measure(text[begin:end])
            if size:
                findings.append(Finding(shape.kind, begin, begin + size))
                start = begin + size
        return Scan(findings, len(text) if final else max(start, _begun_at(text, start)))


def _run_end(shape: Shape, text: str, begin: int) -> int:
    found = shape.alphabet.match(text, begin)
    return begin if found is None else found.end()


def _closed(shape: Shape, text: str, begin: int, end: int) -> tuple[int, bool]:
    """Where what may be a secret ends, and whether that is certain whatever follows."""
    closing = text.find(shape.closing, begin, end) if shape.closing else -1
    return (end, False) if closing < 0 else (closing + len(shape.closing), True)


def _begun_at(text: str, start: int) -> int:
    """Where an opening may have begun that is not complete; the text's end if none has."""
    for size in range(min(_LONGEST, len(text) - start), 0, -1):
        if text[-size:] in _BEGUN:
            return len(text) - size
    return len(text)
