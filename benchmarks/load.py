"""Sending the load: wrk for closed loops, our own generator for a fixed rate. Both report the same figures."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from benchmarks import native
from benchmarks.workload import Cell, Endpoint, Load, write_request

TIMEOUT_SECONDS = 30
SCRIPT = Path(__file__).with_name("wrk_request.lua")


class LoadError(Exception):
    """The load generator itself failed, so nothing was measured."""


@dataclass(frozen=True)
class LoadResult:
    """What the caller saw.

    Attributes:
        completed: answers with status 2xx, read to the end.
        seconds: duration of the load.
        refused: answers with any other status.
        broken: connections that failed.
        unanswered: requests without an answer in time.
    """

    completed: int
    seconds: float
    p50_us: float
    p99_us: float
    refused: int
    broken: int
    unanswered: int

    @property
    def errors(self) -> int:
        """Everything that was not a complete answer with status 2xx."""
        return self.refused + self.broken + self.unanswered


def command(cell: Cell, endpoint: Endpoint, seconds: int, request: Path) -> list[str]:
    """Return the command that sends a cell's load; the request, and the key in it, is passed as a file.

    Raises:
        MissingToolError: wrk or a C compiler is not installed.
    """
    if cell.load is Load.OPEN:
        port = urlsplit(endpoint.url).port
        arguments = [port, cell.rate, seconds, cell.connections, request]
        return [str(native.build("open_loop")), *map(str, arguments)]
    options = ["-t1", f"-c{cell.connections}", f"-d{seconds}s", f"--timeout={TIMEOUT_SECONDS}s", "-s", str(SCRIPT)]
    return [native.require("wrk"), *options, endpoint.url, "--", str(request)]


def send(cell: Cell, endpoint: Endpoint, seconds: int, folder: Path) -> LoadResult:
    """Send a cell's load for some seconds and return what came back.

    Raises:
        LoadError: the generator failed, as when nobody listens.
    """
    request = write_request(cell, endpoint, folder)
    ran = subprocess.run(command(cell, endpoint, seconds, request), capture_output=True, text=True, check=False)
    if ran.returncode:
        raise LoadError(ran.stderr.strip() or ran.stdout.strip())
    return read_result(ran.stdout)


def read_result(output: str) -> LoadResult:
    """Read a generator's report, which is the last line it prints."""
    return msgspec.json.decode(output.strip().splitlines()[-1], type=LoadResult)
