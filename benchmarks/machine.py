"""The machine that a run is measured on."""

import os
import platform
import re
import subprocess
from pathlib import Path

from benchmarks import native
from benchmarks.results import Machine


class TooFewCpusError(Exception):
    """The gateway and the load need a CPU each."""


def choose_cpus() -> tuple[int, int]:
    """Return the CPU for the gateway and the one for upstream and load.

    Raises:
        TooFewCpusError: this process may use only one.
    """
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:  # noqa: PLR2004  one for each side
        raise TooFewCpusError("two CPUs are needed: one for the gateway, one for the upstream and the load")
    return allowed[0], allowed[1]


def describe() -> Machine:
    """Describe this machine and the tools that a run uses.

    Raises:
        MissingToolError: wrk or the C compiler is not installed.
    """
    models = re.findall(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return Machine(
        cpu=models[0] if models else platform.machine(),
        cores=os.cpu_count() or 1,
        memory_gb=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        kernel=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        compiler=_first_line(native.require("gcc"), "--version"),
        wrk=_first_line(native.require("wrk"), "-v").split(" [")[0],
    )


def _first_line(*command: str) -> str:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # `wrk -v` ends with status 1
    return ran.stdout.splitlines()[0]
