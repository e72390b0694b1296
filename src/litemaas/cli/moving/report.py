"""What an import did, for people: counts by kind, and what they should read, said once for all it is true of."""

import sys
from collections import defaultdict

import click

from litemaas.cli.output import Column, print_table, printable
from litemaas.domain.moving.entities import Finding, Report, Verdict

_COUNTED = (Verdict.CREATED, Verdict.UPDATED, Verdict.UNCHANGED, Verdict.KEPT, Verdict.IGNORED, Verdict.REFUSED)
_COLORS = {Verdict.LOST: "red", Verdict.REFUSED: "red", Verdict.KEPT: "yellow"}
_TOLD = (Verdict.UPDATED, Verdict.KEPT, Verdict.NOTED, Verdict.IGNORED, Verdict.LOST, Verdict.REFUSED)
_NAMES_SHOWN = 5


def print_report(report: Report) -> None:
    """Print a report; what would be lost comes last, where it is seen."""
    columns = [Column("Kind"), *(Column(verdict.value.capitalize(), is_number=True) for verdict in _COUNTED)]
    rows = [
        [kind.replace("_", " "), *(str(counts[verdict] or "") for verdict in _COUNTED)]
        for kind, counts in report.counts.items()
        if any(counts[verdict] for verdict in _COUNTED)
    ]
    print_table(columns, rows, nothing="There is nothing to bring in.")
    for (verdict, kind, reason), names in _grouped(report.findings).items():
        shown = ", ".join(printable(name) for name in names[:_NAMES_SHOWN])
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        label = click.style(f"{verdict.value:<8}", fg=_COLORS.get(verdict))
        click.echo(f"{label} {kind.replace('_', ' ')} {shown}{more}: {printable(reason)}")
    if report.dry_run:
        print("Nothing was changed: this was a first look.", file=sys.stderr)


def _grouped(findings: list[Finding]) -> dict[tuple[Verdict, str, str], list[str]]:
    groups: dict[tuple[Verdict, str, str], list[str]] = defaultdict(list)
    for finding in findings:
        if finding.verdict in _TOLD:
            protection = f" (--accept {finding.protection})" if finding.protection else ""
            groups[finding.verdict, finding.kind, finding.reason + protection].append(finding.name)
    return groups
