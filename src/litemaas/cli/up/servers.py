"""The server processes: one or several that accept from the supervisor's socket."""

import os
import socket
from collections.abc import Callable, Mapping, Sequence

from litemaas.cli.errors import SetupError
from litemaas.cli.up.children import Child, start_child
from litemaas.cli.up.credentials import Credentials
from litemaas.cli.up.folder import DataFolder
from litemaas.cli.up.options import UpOptions
from litemaas.cli.up.services import Service

_DRAIN_VARIABLE, _DRAIN_SECONDS = "LITEMAAS_DRAIN_SECONDS", 60.0  # as in settings.py, which is too large to load here


def server_environment(
    options: UpOptions, folder: DataFolder, credentials: Credentials, database_url: str
) -> dict[str, str]:
    """Return all variables of a server: the user's, with what only the supervisor knows."""
    ours = {"DATABASE_URL": database_url, "LITEMAAS_DATA_DIR": str(folder.path)}
    if options.database_url is None:
        ours["DATABASE_DIRECT_URL"] = ""  # the user's leads to another database
    if options.redis_url:
        ours["REDIS_URL"] = options.redis_url
    return dict(os.environ) | credentials.environment() | ours


def server_services(
    command: Sequence[str],
    options: UpOptions,
    listener: socket.socket,
    environment: Callable[[], Mapping[str, str]],
    say: Callable[[str], None],
) -> list[Service]:
    """Return one service for each replica.

    Args:
        command: The server's command line, to which its options are added.
        options: How many there are, and where their metrics are.
        listener: What they accept from.
        environment: Makes their variables, anew at each start.
        say: Is told when one ended and when it is back.
    """

    def service(replica: int) -> Service:
        metrics_port = options.metrics_port and options.metrics_port + replica
        words = ("--role", "all", "--listen-fd", str(listener.fileno()), "--metrics-port", str(metrics_port))
        replica_command = [*command, *words, "--parent-pid", str(os.getpid())]

        def start() -> Child:
            return start_child(replica_command, environment(), descriptors=(listener.fileno(),))

        return Service("The server" if options.replicas == 1 else f"Server {replica + 1}", start, say)

    return [service(replica) for replica in range(options.replicas)]


def drain_seconds(environment: Mapping[str, str]) -> float:
    """Return how long a server lets open calls take when it ends.

    Raises:
        SetupError: The variable is no number.
    """
    try:
        return float(environment.get(_DRAIN_VARIABLE) or _DRAIN_SECONDS)
    except ValueError as error:
        raise SetupError(f"{_DRAIN_VARIABLE} must be a number of seconds.") from error
