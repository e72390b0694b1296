"""Counts what guardrails find on this replica; nothing of the texts is kept."""

import logging
from collections import Counter

from litemaas.domain.guardrails.entities import Action, Side

_log = logging.getLogger("litemaas.guardrails")


class Tally:
    """Counters of all guardrails.

    Attributes:
        findings: By guardrail, action and side.
        failures: By guardrail.
    """

    def __init__(self) -> None:
        self.findings: Counter[tuple[str, str, str]] = Counter()
        self.failures: Counter[str] = Counter()

    def count(self, name: str, action: Action, side: Side) -> None:
        """Count a finding."""
        self.findings[name, action, side] += 1

    def log(self, name: str, side: Side, whose: str) -> None:
        """Write the line of a guardrail that logs."""
        _log.warning("guardrail %s found something in the %s of a call of %s", name, side, whose)

    def failed(self, name: str, error: Exception) -> None:
        """Count a text that a guardrail could not read. The error's own text may hold some of it, and is not logged."""
        self.failures[name] += 1
        _log.error("guardrail %s failed: %s", name, type(error).__name__)
