"""No gateway at all: the load goes straight to the upstream.

It shows how fast the load generator and the upstream are by themselves. A contender that comes near these figures is
limited by them and not by its own speed.
"""

from pathlib import Path

from benchmarks.contender import Contender, Running
from benchmarks.upstream import UpstreamStub
from benchmarks.workload import CELLS, Endpoint


class Direct:
    """The upstream, called without a gateway."""

    name = "direct"
    is_peer = False
    cells = CELLS

    def prepare(self) -> str:
        """There is none."""
        return "no gateway"

    def start(self, upstream: UpstreamStub, folder: Path, cpu: int) -> Running:  # noqa: ARG002  the same for all
        """Return the upstream's own addresses."""
        return Running(
            calls=Endpoint(upstream.url, "bench-model", "none"),
            streams=Endpoint(upstream.paced_url, "bench-model", "none"),
            start_seconds=0.0,
        )

    def stop(self) -> None:
        """There is nothing to stop."""

    def check(self, running: Running, folder: Path, completed: int) -> str:  # noqa: ARG002  the same for all
        """There is nothing to verify."""
        return ""


def create() -> Contender:
    """Return this contender."""
    return Direct()
