"""What a measurement at scale found, beside the number that it should reach."""

from dataclasses import dataclass

from benchmarks.tables import ABSENT, Table, number


@dataclass(frozen=True)
class Finding:
    """One figure.

    Attributes:
        at_most: the number that it must not exceed; None: it is told and not judged.
    """

    what: str
    measured: float
    unit: str
    at_most: float | None = None

    @property
    def reached(self) -> bool:
        """Whether it is as it should be."""
        return self.at_most is None or self.measured <= self.at_most


def findings_table(title: str, findings: list[Finding]) -> Table:
    """Return figures and targets as a table."""

    def row(found: Finding) -> tuple[str, ...]:
        if found.at_most is None:
            target, verdict = ABSENT, ABSENT
        else:
            target, verdict = f"≤ {found.at_most:g} {found.unit}", "reached" if found.reached else "not reached"
        return found.what, target, f"{number(found.measured)} {found.unit}", verdict

    return Table(title, ("what", "target", "measured", "verdict"), [row(found) for found in findings])
