"""Runs PostgreSQL's programs under the chosen identity."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Literal, NamedTuple

Mode = Literal["same", "namespace", "user"]
"""Stay who we are; seem to be another in a user namespace; become another."""

_BECOME = str(Path(__file__).with_name("become.py"))
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

ENVIRONMENT = {name: os.environ[name] for name in _INHERITED if name in os.environ} | {"LC_ALL": "C", "TZ": "UTC"}
"""What PostgreSQL's programs get to see: no secret of ours, no `PG…` variable, and messages in English."""


class Launcher(NamedTuple):
    """Where the programs are and who runs them."""

    bin_dir: Path
    mode: Mode
    uid: int
    gid: int

    def command(self, program: str, *arguments: str) -> list[str]:
        """Return the command line that runs `program` under this identity until this process ends."""
        identity = (str(os.getpid()), self.mode, str(self.uid), str(self.gid))
        return [sys.executable, "-I", "-S", _BECOME, *identity, str(self.bin_dir / program), *arguments]

    def run(self, program: str, *arguments: str, feed: str = "") -> subprocess.CompletedProcess[str]:
        """Run `program` to its end with `feed` as its input, and return what it said and how it ended."""
        return subprocess.run(
            self.command(program, *arguments),
            input=feed,
            capture_output=True,
            text=True,
            check=False,
            env=ENVIRONMENT,
            start_new_session=True,
        )

    def works(self) -> bool:
        """Whether this identity can be taken and can reach the programs."""
        return self.run("postgres", "--version").returncode == 0

    def give(self, path: Path) -> None:
        """Make `path` belong to the user that PostgreSQL becomes; in the other modes it belongs to it already."""
        if self.mode == "user":
            os.chown(path, self.uid, self.gid)
