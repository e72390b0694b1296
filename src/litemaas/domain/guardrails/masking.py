"""Reads one text piece by piece, masks what is found in it, and holds back no more than is needed for that."""

from collections.abc import Callable

from litemaas.domain.guardrails.findings import Detector, Finding

Found = Callable[[Finding], str | None]
"""Is told of each finding; returns what takes its place, None: it stays."""


class TextReader:
    """Reads one text for one detector."""

    __slots__ = ("_at", "_detector", "_found", "_start", "_text")

    def __init__(self, detector: Detector, found: Found) -> None:
        self._detector = detector
        self._found = found
        self._text = ""
        self._start = 0
        self._at = 0

    def feed(self, piece: str, *, final: bool = False) -> str:
        """Take the next piece; returns what of the text may be passed on now.

        After the `final` one another text may begin.
        """
        text, start = self._text + piece, self._start
        findings, settled = self._detector.scan(text, start, self._at, final=final)
        passed: list[str] = []
        for finding in findings:
            mask = self._found(finding)
            if mask is not None:
                passed += (text[start : finding.start], mask)
                start = finding.end
        passed.append(text[start:settled])
        cut = max(0, settled - self._detector.context)
        if final:
            self._text, self._start, self._at = "", 0, 0
        else:
            self._text, self._start, self._at = text[cut:], settled - cut, self._at + cut
        return "".join(passed)


def masked(text: str, detector: Detector, found: Found) -> str:
    """The whole of `text`, masked."""
    return TextReader(detector, found).feed(text, final=True)
