"""What one side of a call is read with: a reader of texts for each of its guardrails, one after another."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from litemaas.domain.guardrails.entities import Action, Side
from litemaas.domain.guardrails.errors import GuardrailBlockedError, GuardrailFailedError
from litemaas.domain.guardrails.findings import Detector, Finding
from litemaas.domain.guardrails.masking import TextReader
from litemaas.domain.guardrails.tally import Tally


class Reader(Protocol):
    """Reads one text piece by piece."""

    def feed(self, piece: str, *, final: bool = False) -> str:
        """Take a piece; returns what may be passed on now. After the `final` one another text may begin."""


class Guard(Struct, frozen=True):
    """A guardrail that is ready to read.

    Attributes:
        quick: A text of some kilobytes takes it no time worth mentioning.
    """

    name: str
    action: Action
    detector: Detector
    quick: bool


class Guards:
    """The guardrails of one side of one call: those that log see a text first, those that mask it last.

    Args:
        guards: In the order in which they see a text.
        tally: Counts what they find.
        whose: The call is, for the log.
    """

    def __init__(self, guards: Sequence[Guard], side: Side, tally: Tally, whose: str) -> None:
        self._guards = guards
        self._whose = whose
        self._logged: set[str] = set()
        self._side = side
        self._tally = tally
        self.holds = any(guard.action is not Action.LOG for guard in guards)
        """Texts may be held back, changed or kept from passing."""
        self.quick = all(guard.quick for guard in guards)

    def reader(self) -> Reader:
        """A reader for one text, or for several, one after another."""
        return _Chain([self._reader(guard) for guard in self._guards])

    def _reader(self, guard: Guard) -> Reader:
        def found(finding: Finding) -> str | None:
            self._tally.count(guard.name, guard.action, self._side)
            if guard.action is Action.BLOCK:
                what = "request" if self._side is Side.INPUT else "answer"
                raise GuardrailBlockedError(
                    f"The guardrail {guard.name!r} does not let this {what} pass.", guardrail=guard.name
                )
            if guard.action is Action.MASK:
                return f"[{finding.kind}]"
            if guard.name not in self._logged:
                self._logged.add(guard.name)
                self._tally.log(guard.name, self._side, self._whose)
            return None

        reader = TextReader(guard.detector, found)
        watching = guard.action is Action.LOG
        return _Watched(reader, guard, self._tally) if watching else _Guarded(reader, guard, self._tally)


class _Chain:
    """What one reader passes on, the next one reads."""

    __slots__ = ("_readers",)

    def __init__(self, readers: Sequence[Reader]) -> None:
        self._readers = readers

    def feed(self, piece: str, *, final: bool = False) -> str:
        for reader in self._readers:
            piece = reader.feed(piece, final=final)
        return piece


class _Guarded:
    """A text that its guardrail cannot read is not passed on."""

    __slots__ = ("_guard", "_reader", "_tally")

    def __init__(self, reader: TextReader, guard: Guard, tally: Tally) -> None:
        self._reader = reader
        self._guard = guard
        self._tally = tally

    def feed(self, piece: str, *, final: bool = False) -> str:
        try:
            return self._reader.feed(piece, final=final)
        except GuardrailBlockedError:
            raise
        except Exception as error:
            self._tally.failed(self._guard.name, error)
            raise GuardrailFailedError(
                f"The guardrail {self._guard.name!r} could not look at this call, so it does not pass."
            ) from error


class _Watched(_Guarded):
    """A text that is only looked at: it passes at once, and also when it cannot be read."""

    __slots__ = ()

    def feed(self, piece: str, *, final: bool = False) -> str:
        try:
            super().feed(piece, final=final)
        except GuardrailFailedError:
            pass  # counted and logged; a guardrail that only logs keeps nobody from anything
        return piece
