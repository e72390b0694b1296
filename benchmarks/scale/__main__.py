"""`python -m benchmarks.scale`: what many keys, many models, many streams and many calls do to LiteMaaS."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click
from rich.console import Console

from benchmarks import machine, proc
from benchmarks.__main__ import CANNOT_RUN, show
from benchmarks.awake import kept_awake
from benchmarks.contender import CheckError
from benchmarks.launch import StartError, stop_on_sigterm
from benchmarks.load import LoadError
from benchmarks.native import MissingToolError
from benchmarks.scale import keys, ledger, models, streams
from benchmarks.scale.findings import Finding, findings_table
from benchmarks.scale.page import write_page
from benchmarks.upstream import UpstreamStub

PAGE = Path(__file__).parents[2] / "docs" / "performance_scale.md"
PARTS = ("keys", "models", "streams", "ledger")
LEDGER_CALLS = 10_000_000
LEDGER_TIMES = 30


def measure(part: str, cpu: int, load_cpu: int) -> list[Finding]:
    """Measure one part; the gateway has `cpu`, upstream, load and database have the other."""
    with UpstreamStub() as upstream, kept_awake():
        measurements: dict[str, Callable[[], list[Finding]]] = {
            "keys": lambda: keys.measure(upstream, cpu),
            "models": lambda: models.measure(upstream, cpu, load_cpu),
            "streams": lambda: streams.measure(cpu),
            "ledger": lambda: ledger.measure_ledger(LEDGER_CALLS, LEDGER_TIMES, export=False),
        }
        return measurements[part]()


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
@click.option("--write", is_flag=True, help="Write docs/performance_scale.md.")
def main(*, parts: tuple[str, ...], write: bool) -> None:
    """Measure LiteMaaS at scale: 100,000 keys, 1,000 models, 2,000 streams at once, 10 million calls in the ledger.

    PARTS chooses; all if none is named. Ends with 1 if a target is missed, with 2 if it could not run.
    """
    stop_on_sigterm()
    console = Console()
    measured: dict[str, list[Finding]] = {}
    try:
        described = machine.describe()
        cpu, load_cpu = machine.choose_cpus()
        everything = os.sched_getaffinity(0)
        for part in parts or PARTS:
            proc.pin([os.getpid()], load_cpu)  # what is started from here inherits it
            if part == "ledger":
                os.sched_setaffinity(0, everything)
            measured[part] = measure(part, cpu, load_cpu)
            show(console, findings_table(part, measured[part]))
    except (MissingToolError, machine.TooFewCpusError, StartError, CheckError, LoadError) as error:
        print(f"benchmarks.scale: {error}", file=sys.stderr)
        sys.exit(CANNOT_RUN)
    if write:
        PAGE.write_text(write_page(measured, described))
    sys.exit(0 if all(finding.reached for found in measured.values() for finding in found) else 1)


if __name__ == "__main__":
    main()
