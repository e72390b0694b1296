"""What is moved, and what is told about it."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, TypeAlias

from msgspec import Struct, field

Row: TypeAlias = dict[str, Any]
"""Columns of one of our tables by name, as JSON has them. An absent column has its default, or stays as it is."""

IMPORTED = "imported"
"""Endpoint of daily spend that another gateway counted. The ledger does not have these calls, so whoever rebuilds
rollups from the ledger leaves them alone."""


class Protection(StrEnum):
    """What a source may protect in a way that we cannot."""

    GUARDRAILS = "guardrails"
    AUTHENTICATION = "authentication"
    LIMITS = "limits"
    RESTRICTIONS = "restrictions"


class Verdict(StrEnum):
    """What becomes of something that the source has."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"  # it is here and differs; ours stays
    NOTED = "noted"  # it is brought in, in words that differ from the source's
    IGNORED = "ignored"
    LOST = "lost"  # a protection
    REFUSED = "refused"


class Finding(Struct, frozen=True, kw_only=True):
    """One thing of the source, and what becomes of it.

    Attributes:
        kind: What it is, e.g. `key`.
        name: How people know it.
        reason: Why, in a sentence; empty where the verdict says all.
        protection: What is lost.
    """

    verdict: Verdict
    kind: str
    name: str
    reason: str = ""
    protection: Protection | None = None


class Chunk(Struct, frozen=True):
    """Rows of one table, few enough to be written at once."""

    table: str
    rows: list[Row]


class Bundle(Struct, frozen=True, kw_only=True):
    """What a source has, as rows of ours.

    Attributes:
        chunks: In the order of `tables.TABLES`. They may be read only once, and a source that turns out to be damaged
            on the way raises `UnreadableSourceError`.
        findings: What did not become rows, or not as it was.
        replaces: Tables in which rows that are here are the source's own from an earlier time.
        wants_list_prices: The source knows list prices by itself: a model without a price is not free there.
    """

    source: str
    chunks: Iterable[Chunk]
    findings: list[Finding] = field(default_factory=list)
    replaces: frozenset[str] = frozenset()
    wants_list_prices: bool = False


class Report(Struct, frozen=True, kw_only=True):
    """What an import did, or would do.

    Attributes:
        counts: How many, by kind and verdict.
        findings: All but what is unchanged, and of what is counted in masses only what did not go well.
    """

    source: str
    dry_run: bool
    counts: dict[str, Counter[Verdict]]
    findings: list[Finding]

    @property
    def losses(self) -> set[Protection]:
        """Which protections are lost."""
        return {finding.protection for finding in self.findings if finding.protection is not None}
