"""What the benchmark asks of a program to be measured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.launch import Program
from benchmarks.upstream import UpstreamStub
from benchmarks.workload import Cell, Endpoint


def no_processes() -> set[int]:
    """The processes of a contender that has none."""
    return set()


@dataclass(frozen=True)
class Running:
    """A contender that is ready.

    Attributes:
        calls: where calls go that the upstream answers at once.
        streams: where calls go whose streams are paced.
        start_seconds: from starting the program until it was ready.
        gateway: its processes, asked anew at each measurement.
        database: processes that are needed but are not on a request's path; told apart from the gateway's.
    """

    calls: Endpoint
    streams: Endpoint
    start_seconds: float
    gateway: Callable[[], set[int]] = no_processes
    database: Callable[[], set[int]] = no_processes

    def endpoint(self, cell: Cell) -> Endpoint:
        """Return where a cell's load goes."""
        return self.streams if cell.stream else self.calls


class Contender(Protocol):
    """A program to be measured. To add one, write a module in `contenders/` with `create()` that returns it.

    Attributes:
        is_peer: another gateway; the run goes on without it where it cannot be had.
    """

    name: str
    is_peer: bool

    @property
    def cells(self) -> Sequence[Cell]:
        """The loads that it is given."""

    def prepare(self) -> str:
        """Install what it needs, unless that is done, and return its version with what else a reader must know.

        Raises:
            MissingToolError: a program is not installed; the message says how to install it.
            UnavailableError: this peer cannot be had here.
        """

    def start(self, upstream: UpstreamStub, folder: Path, cpu: int) -> Running:
        """Start it on one CPU, forwarding to the upstream, and return when it is ready.

        It is started several times with the same folder, which is its own and empty at first.

        Raises:
            StartError: it did not become ready.
        """

    def stop(self) -> None:
        """End it with all its processes. Stopping what does not run is fine."""

    def check(self, running: Running, folder: Path, completed: int) -> str:
        """Verify after the load that it did its work, and return what was verified, if there was anything to verify.

        Args:
            running: what `start` returned last.
            folder: a private folder for files of the check.
            completed: calls and streams that it has answered whole since its first start.

        Raises:
            CheckError: it did not.
        """


class OneProgram:
    """A contender that is one program without books: it ends with that program, and nothing of it can be verified."""

    def __init__(self) -> None:
        self.program: Program | None = None

    def stop(self) -> None:
        """End it with all its processes."""
        if self.program:
            self.program.stop()

    def check(self, running: Running, folder: Path, completed: int) -> str:  # noqa: ARG002  the same for all
        """There is nothing to verify: it keeps no account."""
        return ""


class UnavailableError(Exception):
    """A peer cannot be measured here; the message says why."""


class CheckError(Exception):
    """A contender answered fast but wrongly; the message says what was expected and what was found."""
