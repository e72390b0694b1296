"""What detectors tell, and what all of them promise.

A text may be known only in part, because its rest is still to come. Whatever a detector says then must hold for the
whole: so a stream is masked exactly as its whole text would be, however it was cut into pieces.
"""

from typing import NamedTuple, Protocol


class Finding(NamedTuple):
    """A part of a text: from `start` to before `end`, in characters.

    Attributes:
        kind: What it is, for the mask that takes its place.
    """

    kind: str
    start: int
    end: int


class Scan(NamedTuple):
    """What is known of a text so far.

    Attributes:
        findings: In order, none touching another; all end at or before `settled`.
        settled: Nothing before this position depends on what is still to come.
    """

    findings: list[Finding]
    settled: int


class Detector(Protocol):
    """Finds what a guardrail looks for.

    Attributes:
        context: Characters before a position that may matter for what is found there.
    """

    @property
    def context(self) -> int: ...  # noqa: D102

    def scan(self, text: str, start: int, at: int, *, final: bool) -> Scan:
        """Look through `text` from `start` on.

        Args:
            text: What is known, with at least `context` characters before `start` unless it begins there.
            start: Everything before is settled.
            at: Position of `text`'s first character in the whole text.
            final: Nothing more is to come.
        """
