"""What the kernel knows about processes: who belongs to whom, their CPU time, their memory.

Read from /proc, described in proc(5). CPU time there is exact but shown in ticks (10 ms as a rule), so a measurement
must last seconds.
"""

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """One line of /proc/<pid>/stat, as far as it is used here.

    Attributes:
        cpu_ticks: user and system time of the process and of its children that have ended.
    """

    pid: int
    parent: int
    program: str
    cpu_ticks: int


@dataclass(frozen=True)
class Memory:
    """Bytes in RAM: `resident` counts shared pages in each process, `proportional` shares them out."""

    resident: int
    proportional: int


def parse_stat(line: str) -> Process:
    """Parse /proc/<pid>/stat, where the program's name stands in brackets and may hold anything."""
    pid, rest = line.split(" (", 1)
    program, fields_text = rest.rsplit(")", 1)
    fields = fields_text.split()
    return Process(int(pid), int(fields[1]), program, sum(int(ticks) for ticks in fields[11:15]))


def processes() -> dict[int, Process]:
    """Return all processes by id; one that ends meanwhile is left out."""
    seen = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                process = parse_stat((entry / "stat").read_text())
            except (FileNotFoundError, ProcessLookupError):
                continue
            seen[process.pid] = process
    return seen


def tree(root: int, among: dict[int, Process]) -> set[int]:
    """Return the ids of a process and of all its descendants that are alive."""
    children = defaultdict(list)
    for process in among.values():
        children[process.parent].append(process.pid)
    found, waiting = set(), [root] if root in among else []
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        waiting.extend(children[pid])
    return found


def working_in(folder: Path, among: dict[int, Process], program: str) -> set[int]:
    """Return the processes of a program whose working directory is in a folder, whoever their parent is."""
    found, folder = set(), folder.resolve()
    for process in among.values():
        if process.program == program:
            try:
                directory = (PROC / str(process.pid) / "cwd").readlink()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
            if directory.is_relative_to(folder):
                found.add(process.pid)
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the CPU time that these processes have used so far."""
    known = processes()
    return sum(known[pid].cpu_ticks for pid in pids if pid in known) / TICKS_PER_SECOND


def memory(pids: Iterable[int]) -> Memory:
    """Return the memory of these processes together; one that has ended counts nothing."""
    resident = proportional = 0
    for pid in pids:
        try:
            lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}
        resident += kilobytes["Rss"] * 1024
        proportional += kilobytes["Pss"] * 1024
    return Memory(resident, proportional)


def pin(pids: Iterable[int], cpu: int) -> None:
    """Bind every thread of these processes to one CPU; threads and children they start later inherit it."""
    for pid in pids:
        try:
            threads = [int(entry.name) for entry in (PROC / str(pid) / "task").iterdir()]
            for thread in threads:
                os.sched_setaffinity(thread, {cpu})
        except (FileNotFoundError, ProcessLookupError):
            continue


def busy_seconds(cpus: Iterable[int]) -> float:
    """Return the time for which these CPUs ran programs, or were taken by the host, since the machine started.

    The columns of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal.
    """
    wanted = {f"cpu{number}" for number in cpus}
    ticks = 0
    for line in (PROC / "stat").read_text().splitlines():
        name, *fields = line.split()
        if name in wanted:
            user, nice, system, _, _, irq, softirq, steal = (int(field) for field in fields[:8])
            ticks += user + nice + system + irq + softirq + steal
    return ticks / TICKS_PER_SECOND
