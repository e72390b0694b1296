"""Finds personal data with Presidio's recognisers of patterns, for which no language model is needed.

Of Presidio (extra `pii`) only its patterns and its checks of what they find are used. Its own loop over them passes
over a pattern that takes too long, with a log line; here the text is not passed on then. And its recogniser of e-mail
addresses would fetch the list of public suffixes from the internet; here the list that comes with the package is used.

A text is read through windows at fixed places of it. So what is found does not depend on how it came, whatever
Presidio's patterns look at.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from litemaas.domain.guardrails.errors import GuardrailFailedError, GuardrailRefusedError
from litemaas.domain.guardrails.findings import Finding, Scan

if TYPE_CHECKING:
    from presidio_analyzer import PatternRecognizer

_STEP = 128
_REACH = 256
"""Characters after a window's step that its findings may take; no kind of personal data here is longer."""
_BEFORE = 64
_LEAST_SCORE = 0.4
"""Of 1, as Presidio rates; below are its patterns that match any number of nine digits."""
_SECONDS_A_WINDOW = 0.5
_DIGITS = re.compile(r"(?<![\w.])[+(]{0,2}\d(?:[ ().\-/]{0,3}\d){6,16}(?!\w)")

_Recogniser = Callable[[str], Iterable[Finding]]

USUAL = ("CREDIT_CARD", "CRYPTO", "EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "PHONE_NUMBER", "US_SSN")
ENTITIES = (*USUAL, "MAC_ADDRESS", "UK_NHS", "US_ITIN")
"""Presidio's names. What needs a model of a language, such as people's names, is not offered."""


class PersonalDataDetector:
    """Finds personal data.

    Args:
        entities: Some of `ENTITIES`; empty: `USUAL`.

    Raises:
        GuardrailRefusedError: There is no such entity, or the extra is not installed.
    """

    context = _STEP + _BEFORE

    def __init__(self, entities: Sequence[str] = ()) -> None:
        unknown = set(entities).difference(ENTITIES)
        if unknown:
            raise GuardrailRefusedError(
                f"{', '.join(sorted(unknown))} cannot be found; {', '.join(ENTITIES)} can.", param="entities"
            )
        self._recognisers = _load(tuple(entities) or USUAL)

    def scan(self, text: str, start: int, at: int, *, final: bool) -> Scan:
        """Look through `text`, as far as whole windows are known."""
        findings: list[Finding] = []
        while start < len(text):
            step = (at + start) // _STEP * _STEP - at  # where the step of this window begins in `text`
            end = step + _STEP + _REACH
            if end > len(text) and not final:
                break
            window = max(0, step - _BEFORE)
            for one in self._find(text[window:end]):
                begin, stop = max(one.start + window, start), one.end + window
                if begin < min(stop, step + _STEP):
                    findings.append(Finding(one.kind, begin, stop))
                    start = stop
            start = max(start, min(step + _STEP, len(text)))
        return Scan(findings, start)

    def _find(self, window: str) -> list[Finding]:
        found = [one for recogniser in self._recognisers for one in recogniser(window)]
        return sorted(found, key=lambda one: (one.start, -one.end))


def _load(entities: Sequence[str]) -> list[_Recogniser]:
    try:
        from presidio_analyzer import predefined_recognizers as presidio  # noqa: PLC0415 - large, and an extra
    except ImportError as error:
        raise GuardrailRefusedError(
            "Personal data is found by presidio-analyzer, which is not installed: install litemaas[pii].", param="kind"
        ) from error
    kinds: dict[str, Any] = {
        "CREDIT_CARD": presidio.CreditCardRecognizer,
        "CRYPTO": presidio.CryptoRecognizer,
        "EMAIL_ADDRESS": presidio.EmailRecognizer,
        "IBAN_CODE": presidio.IbanRecognizer,
        "IP_ADDRESS": presidio.IpRecognizer,
        "MAC_ADDRESS": presidio.MacAddressRecognizer,
        "UK_NHS": presidio.NhsRecognizer,
        "US_ITIN": presidio.UsItinRecognizer,
        "US_SSN": presidio.UsSsnRecognizer,
    }
    found = [_by_patterns(kinds[one]()) for one in entities if one in kinds]
    return [*found, _phone_numbers(presidio.PhoneRecognizer)] if "PHONE_NUMBER" in entities else found


def _by_patterns(recogniser: "PatternRecognizer") -> _Recogniser:
    import regex  # noqa: PLC0415 - comes with Presidio

    kind = recogniser.supported_entities[0]
    valid = _is_address() if kind == "EMAIL_ADDRESS" else recogniser.validate_result
    given: list[Any] = vars(recogniser)["patterns"]
    patterns = [(regex.compile(one.regex, recogniser.global_regex_flags), one.score) for one in given]

    def find(text: str) -> Iterable[Finding]:
        for pattern, score in patterns:
            for match in _matches(pattern, text):
                judged = valid(match[0])
                rated = score if judged is None else float(judged)
                if match[0] and rated >= _LEAST_SCORE and not recogniser.invalidate_result(match[0]):
                    yield Finding(kind, *match.span())

    return find


def _matches(pattern: Any, text: str) -> list[Any]:
    """All at once: the time limit is for the search, not for what is done with its findings in between."""
    try:
        return list(pattern.finditer(text, timeout=_SECONDS_A_WINDOW))
    except TimeoutError as error:
        raise GuardrailFailedError("A search for personal data took too long. Try again later.") from error


def _is_address() -> Callable[[str], bool]:
    from tldextract import TLDExtract  # noqa: PLC0415 - comes with Presidio

    split = TLDExtract(cache_dir=None, suffix_list_urls=())
    return lambda text: bool(split(text).fqdn)


def _phone_numbers(recogniser: Any) -> _Recogniser:
    """Only what has enough digits is shown to Presidio, which tries the rules of eight countries on it."""
    presidio = recogniser()

    def find(text: str) -> Iterable[Finding]:
        for digits in _DIGITS.finditer(text):
            for one in presidio.analyze(digits[0], []):
                yield Finding(one.entity_type, digits.start() + one.start, digits.start() + one.end)

    return find
