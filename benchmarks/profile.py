# noqa: A005  only ever imported as benchmarks.profile
"""Where the gateway's time goes: `python -m benchmarks.profile` loads it and records it with py-spy or perf.

py-spy, where it is installed, draws a flame graph of Python frames; perf lists the functions of C libraries and kernel
with the most CPU time, which is where a gateway in Python spends most of it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from benchmarks import contenders, load, machine, native, proc
from benchmarks.contender import UnavailableError
from benchmarks.launch import stop_on_sigterm
from benchmarks.measure import probe
from benchmarks.upstream import UpstreamStub
from benchmarks.workload import CELLS, write_request

HEAD_START = 2
"""Seconds of load beyond the recording, so that only a loaded gateway is recorded."""


def record_with_py_spy(py_spy: str, pid: int, seconds: int, folder: Path) -> Path:
    """Sample Python and native frames and return the flame graph's path."""
    graph = folder / "flame.svg"
    options = ["--pid", pid, "--duration", seconds, "--rate", 200, "--native", "--output", graph]
    subprocess.run([py_spy, "record", *map(str, options)], check=True, stdout=subprocess.DEVNULL)
    return graph


def record_with_perf(perf: str, pids: set[int], seconds: int, folder: Path) -> Path:
    """Sample CPU time and return the path of the list of functions, those with the most time first."""
    samples, listing = folder / "perf.data", folder / "top.txt"
    record = ["--event", "cpu-clock", "--pid", ",".join(map(str, sorted(pids))), "--output", str(samples)]
    subprocess.run([perf, "record", *record, "sleep", str(seconds)], check=True, stdout=subprocess.DEVNULL)
    report = ["--stdio", "--input", str(samples), "--sort", "dso,symbol", "--percent-limit", "0.3"]
    with listing.open("w") as written:
        subprocess.run([perf, "report", *report], check=True, stdout=written)
    return listing


def find_recorder() -> tuple[str | None, str | None]:
    """Return the paths of py-spy, beside this Python or on the path, and of perf.

    Raises:
        MissingToolError: neither is installed.
    """
    folders = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    py_spy, perf = shutil.which("py-spy", path=folders), shutil.which("perf")
    if not (py_spy or perf):
        raise native.MissingToolError(
            "neither py-spy nor perf is installed: pip install py-spy, or apt-get install linux-perf"
        )
    return py_spy, perf


@click.command()
@click.option("--seconds", default=10, show_default=True, type=click.IntRange(1), help="Seconds to record.")
@click.option("--contender", default="litemaas", show_default=True, type=click.Choice(contenders.names()))
@click.option("--cell", "cell_name", default="calls-32", show_default=True, type=click.Choice([c.name for c in CELLS]))
@click.option("--output", default=Path("build/profile"), show_default=True, type=click.Path(path_type=Path))
def main(*, seconds: int, contender: str, cell_name: str, output: Path) -> None:
    """Record a contender under load and write what it spent its time on."""
    stop_on_sigterm()
    cell = next(cell for cell in CELLS if cell.name == cell_name)
    output.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            py_spy, perf = find_recorder()
            gateway_cpu, load_cpu = machine.choose_cpus()
            measured = contenders.create(contender)
            measured.prepare()
        except (native.MissingToolError, machine.TooFewCpusError, UnavailableError) as error:
            print(f"benchmarks: {error}", file=sys.stderr)
            sys.exit(2)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="litemaas-profile-")))
        proc.pin([os.getpid()], load_cpu)
        upstream = stack.enter_context(UpstreamStub())
        stack.callback(measured.stop)
        running = measured.start(upstream, folder, gateway_cpu)
        probe(running)
        endpoint = running.endpoint(cell)
        generator = subprocess.Popen(
            load.command(cell, endpoint, seconds + HEAD_START, write_request(cell, endpoint, folder)),
            stdout=subprocess.DEVNULL,
        )
        stack.callback(generator.wait)
        busiest = max(running.gateway(), key=lambda pid: proc.cpu_seconds([pid]))
        if py_spy:
            print(record_with_py_spy(py_spy, busiest, seconds, output))
        if perf:
            print(record_with_perf(perf, running.gateway(), seconds, output))


if __name__ == "__main__":
    main()
