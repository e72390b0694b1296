"""What one `up` is asked to do, and with which programs."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_PYTHON = (sys.executable, "-P", "-m")  # -P: a file in the folder that we are started in is no module of ours


class UpOptions(NamedTuple):
    """What the command line asked for.

    Attributes:
        host: Address to listen on.
        port: TCP port; 0 lets the system choose.
        metrics_port: Of the first server; each further one has the next. 0: none.
        data_dir: The data folder.
        upstreams: OpenAI-compatible endpoints whose models are registered.
        demo: Whether models are looked for on this machine, and the demo started where there is none.
        replicas: Server processes on the one port.
        database_url: A PostgreSQL to use instead of one of our own.
        redis_url: Shared limits and cache of the replicas.
    """

    host: str = "127.0.0.1"
    port: int = 4000
    metrics_port: int = 9464
    data_dir: Path = Path(".litemaas")
    upstreams: Sequence[str] = ()
    demo: bool = True
    replicas: int = 1
    database_url: str | None = None
    redis_url: str | None = None


class Programs(NamedTuple):
    """The command lines of what is run.

    Attributes:
        server: Its options are added.
        demo: `--port` is added.
    """

    server: Sequence[str] = (*_PYTHON, "litemaas.server")
    demo: Sequence[str] = (*_PYTHON, "litemaas.providers.demo")
