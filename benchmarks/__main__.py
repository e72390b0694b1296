"""`python -m benchmarks`: measure, show, write down."""

import sys
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable

from benchmarks import contenders
from benchmarks.contender import CheckError
from benchmarks.launch import StartError, stop_on_sigterm
from benchmarks.load import LoadError
from benchmarks.machine import TooFewCpusError
from benchmarks.native import MissingToolError
from benchmarks.page import write_page
from benchmarks.results import Run
from benchmarks.run import Plan, execute
from benchmarks.tables import Table, cell_tables, contender_table, remarks, target_table
from benchmarks.workload import CELLS, QUICK_CELLS

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
CANNOT_RUN = 2


def plan_run(*, quick: bool, rounds: int, seconds: int, chosen: tuple[str, ...], seed: int, write: bool) -> Plan:
    """Turn the command line into a plan; `--quick` is one short round of the most telling cells."""
    arguments = ["--quick"] if quick else ["--rounds", str(rounds), "--seconds", str(seconds)]
    arguments += (["--only", ",".join(chosen)] if chosen else []) + ["--seed", str(seed)]
    return Plan(
        contenders=chosen or contenders.names(),
        cells=QUICK_CELLS if quick else CELLS,
        rounds=1 if quick else rounds,
        seconds=3 if quick else seconds,
        seed=seed,
        arguments=[*arguments, "--write"] if write else arguments,
    )


def read_names(_context: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    """Read names separated by commas.

    Raises:
        BadParameter: There is no such contender; the message lists them.
    """
    names = tuple(filter(None, (name.strip() for name in value.split(","))))
    if unknown := set(names) - set(contenders.names()):
        raise click.BadParameter(f"{', '.join(sorted(unknown))}: the contenders are {', '.join(contenders.names())}")
    return names


def show(console: Console, table: Table) -> None:
    """Print a table, figures aligned to the right."""
    shown = RichTable(title=table.title, title_justify="left", title_style="bold")
    for position, column in enumerate(table.columns):
        shown.add_column(column, justify="right" if position else "left")
    for row in table.rows:
        shown.add_row(*row)
    console.print(shown)


def as_json(run: Run) -> bytes:
    """Return a run as indented JSON, with the figures that follow from each sample beside it."""
    plain = msgspec.to_builtins(run)
    for sample, written in zip(run.samples, plain["samples"], strict=True):
        if not sample.failure:
            written["cpu_us_per_call"] = sample.cpu_us_per_call
            written["cpu_us_per_event"] = sample.cpu_us_per_event
            written["database_cpu_us_per_call"] = sample.database_cpu_us_per_call
            written["calls_per_second"] = sample.calls_per_second
    return msgspec.json.format(msgspec.json.encode(plain), indent=2) + b"\n"


@click.command()
@click.option("--quick", is_flag=True, help="One round of three short cells: under two minutes.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="Rounds of all cells.")
@click.option("--seconds", default=4, show_default=True, type=click.IntRange(3), help="Seconds of load in each cell.")
@click.option("--only", "chosen", default="", callback=read_names, help="Only these contenders, as litemaas,nginx.")
@click.option("--seed", default=1, show_default=True, help="Seed of the order.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write everything here.")
@click.option("--write", is_flag=True, help="Write docs/performance.md.")
def main(
    *, quick: bool, rounds: int, seconds: int, chosen: tuple[str, ...], seed: int, json_file: Path | None, write: bool
) -> None:
    """Measure what a request costs at LiteMaaS, at nginx and at other gateways, side by side.

    LiteLLM and Portkey are installed for it the first time, outside the repository; where that cannot be, the run goes
    on without them and says so.

    Ends with 1 if a cell failed or a contender did its work wrongly, with 2 if it could not run.
    """
    stop_on_sigterm()
    console = Console()
    plan = plan_run(quick=quick, rounds=rounds, seconds=seconds, chosen=chosen, seed=seed, write=write)
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    try:
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("building", total=plan.steps)

            def report(step: str) -> None:
                progress.update(task, advance=1, description=step)

            run = execute(plan, report)
    except (MissingToolError, TooFewCpusError, StartError, CheckError, LoadError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        sys.exit(CANNOT_RUN)
    for table in (*cell_tables(run), contender_table(run), target_table(run)):
        show(console, table)
    for line in remarks(run):
        console.print(f"- {line}", highlight=False)
    if json_file:
        json_file.write_bytes(as_json(run))
    if write:
        PAGE.write_text(write_page(run))
    sys.exit(1 if run.failed() else 0)


if __name__ == "__main__":
    main()
