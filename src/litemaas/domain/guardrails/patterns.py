"""Finds what an administrator's regular expressions match.

RE2 takes a time linear in the text, whatever a client sends: no expression can be made to hang, and what is found never
depends on how busy the machine is, as it would with a time-out. It does without look-around and back references.
"""

import math
from collections.abc import Sequence

import re2

from litemaas.domain.guardrails.errors import GuardrailRefusedError
from litemaas.domain.guardrails.findings import Finding, Scan
from litemaas.domain.guardrails.pattern_length import lengths_of

LONGEST_MATCH = 1000
"""Characters; a stream lags behind by as much as its guardrails' longest match."""
MOST_PATTERNS = 50
_LONGEST_PATTERN = 2000
_MAX_MEMORY = 8 << 20  # of one detector's automaton; RE2 goes slower, not larger


class PatternDetector:
    """Finds what any of the patterns matches: the leftmost first, of several there the first pattern's.

    Args:
        kind: Of the findings.
        patterns: RE2's syntax.

    Raises:
        GuardrailRefusedError: A pattern is none, matches nothing, or matches texts of any length.
    """

    context = 1  # for \b and ^

    def __init__(self, kind: str, patterns: Sequence[str]) -> None:
        if not 0 < len(patterns) <= MOST_PATTERNS:
            raise GuardrailRefusedError(f"Give 1 to {MOST_PATTERNS} patterns.", param="patterns")
        self._kind = kind
        self._longest = max(_longest(pattern) for pattern in patterns)
        self._expression = _compile("|".join(f"(?:{pattern})" for pattern in patterns))

    def scan(self, text: str, start: int, at: int, *, final: bool) -> Scan:  # noqa: ARG002 - where it is, is no matter
        """Look through `text`; what comes later matters only to the last characters, as many as a match can have."""
        horizon = len(text) if final else len(text) - self._longest - 1
        findings = []
        for match in self._expression.finditer(text, start):
            begin, end = match.span()
            if begin > horizon:
                break
            findings.append(Finding(self._kind, begin, end))
            start = end
        return Scan(findings, max(start, min(horizon + 1, len(text))))


def _longest(pattern: str) -> int:
    if len(pattern) > _LONGEST_PATTERN:
        raise GuardrailRefusedError(f"A pattern may have {_LONGEST_PATTERN} characters.", param="patterns")
    _compile(pattern)
    shortest, longest = lengths_of(pattern)
    if not shortest:
        raise GuardrailRefusedError(
            f"The pattern {pattern!r} matches the empty text: it would be found everywhere.", param="patterns"
        )
    if longest > LONGEST_MATCH:
        what = "has no longest match" if longest == math.inf else f"can match {longest:.0f} characters"
        raise GuardrailRefusedError(
            f"The pattern {pattern!r} {what}: streams would be held back without end. "
            f"Write for example {{1,64}} instead of + or *; a match may have {LONGEST_MATCH} characters.",
            param="patterns",
        )
    return int(longest)


def _compile(pattern: str) -> "re2._Regexp":
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = _MAX_MEMORY
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0] if error.args else ""
        told = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
        raise GuardrailRefusedError(
            f"The pattern is no regular expression of RE2: {told}. (It knows no look-around, no back references.)",
            param="patterns",
        ) from error
