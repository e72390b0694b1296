"""The story of one `up`: what is started in which order, and ended in the opposite one."""

import os
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import click

from litemaas.cli.client import Client
from litemaas.cli.errors import SetupError
from litemaas.cli.up import offers as offering
from litemaas.cli.up.children import Child, start_child
from litemaas.cli.up.credentials import Credentials, CredentialStore
from litemaas.cli.up.database import EmbeddedDatabase, migrate_in_child
from litemaas.cli.up.demo import demo_service
from litemaas.cli.up.folder import DataFolder
from litemaas.cli.up.listening import listen, url_of
from litemaas.cli.up.registration import Deployment, list_deployments, sync_models_from_offers
from litemaas.cli.up.services import Service
from litemaas.cli.up.signals import Signals, StopRequested
from litemaas.cli.up.steps import Steps
from litemaas.cli.up.supervisor import Supervisor, end_services
from litemaas.cli.up.virtual_key import ready_virtual_key
from litemaas.cli.up.welcome import welcome

_DRAIN_VARIABLE, _DRAIN_SECONDS = "LITEMAAS_DRAIN_SECONDS", 60.0  # as in settings.py, which is too large to load here
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


def run_up(options: UpOptions, programs: Programs = Programs()) -> None:  # noqa: B008 - immutable
    """Start everything, look after it, and end everything when somebody asks to stop.

    Args:
        options: What the command line asked for.
        programs: What to run.

    Raises:
        CommandError: Something cannot be started; everything has been ended again.
    """
    steps = Steps()
    with Signals() as signals:
        try:
            with ExitStack() as running:
                try:
                    _Up(options, programs, steps, signals, running).run()
                except StopRequested:
                    steps.say("\nStopping…")
                    raise
                finally:
                    signals.hold()
        except StopRequested:
            steps.say("Stopped.")


class _Up:
    """What the phases of a start share."""

    def __init__(
        self, options: UpOptions, programs: Programs, steps: Steps, signals: Signals, running: ExitStack
    ) -> None:
        self._options = options
        self._programs = programs
        self._steps = steps
        self._signals = signals
        self._running = running
        self._supervisor = Supervisor(signals)
        self._servers: list[Service] = []

    def run(self) -> None:
        """Start everything, then look after it until somebody asks to stop."""
        folder = DataFolder(self._options.data_dir)
        self._running.callback(folder.close)
        listener = listen(self._options.host, self._options.port)
        self._running.callback(listener.close)
        url = url_of(listener)
        store = CredentialStore(folder)
        credentials = store.credentials(os.environ)

        database_url = self._start_database(folder)
        offers, demo = self._find_models(folder)
        environment = self._environment(folder, credentials, database_url)
        with self._steps.step("Database schema") as step:
            applied = migrate_in_child(environment())
            step.detail = f"migrated to {applied[-1]}" if applied else "up to date"
        with self._steps.step("Server"):
            self._start_servers(listener, environment)
        if demo is not None:
            with self._steps.step("Demo model"):
                self._supervisor.run_until(lambda: demo.is_ready or demo.has_given_up)
            if demo.announced is not None:
                offers = offering.offered_by_demo(demo.announced)
        client = Client(url, credentials.master_key)
        with self._steps.step("Models and key"):
            sync_models_from_offers(client, offers)
            virtual_key = ready_virtual_key(client, store)
            models = list_deployments(client)
        self._announce(folder, url, credentials, virtual_key, models, has_stated_prices=bool(offers))
        self._supervisor.run()

    def _start_database(self, folder: DataFolder) -> Callable[[], str]:
        """Start PostgreSQL unless one was named, and return what tells its URL."""
        if (given := self._options.database_url) is not None:
            return lambda: given
        database = EmbeddedDatabase(folder.path, say=self._steps.say, moved=self._restart_servers)
        with self._steps.step("PostgreSQL"):
            self._running.callback(database.stop)
            database.start()
        self._supervisor.look_after(database)
        return lambda: database.url

    def _find_models(self, folder: DataFolder) -> tuple[list[offering.OfferedModel], Service | None]:
        """Return the models there are, or else the demo, which is then starting."""
        options, say = self._options, self._steps.say
        if options.upstreams:
            return offering.offered_by_upstreams(options.upstreams, say), None
        if not options.demo:
            return [], None
        if found := offering.offered_by_local_servers(say):
            return found, None
        demo = demo_service(self._programs.demo, folder, say)
        self._running.callback(self._end, [demo], 0.0)
        self._supervisor.look_after(demo)
        return [], demo

    def _environment(
        self, folder: DataFolder, credentials: Credentials, database_url: Callable[[], str]
    ) -> Callable[[], dict[str, str]]:
        """Return what makes the variables of a server: the user's, and ours where the user has none."""

        def environment() -> dict[str, str]:
            ours = {"DATABASE_URL": database_url(), "LITEMAAS_DATA_DIR": str(folder.path)}
            if self._options.database_url is None:
                ours["DATABASE_DIRECT_URL"] = ""  # the user's leads to another database
            if self._options.redis_url:
                ours["REDIS_URL"] = self._options.redis_url
            return dict(os.environ) | credentials.environment() | ours

        return environment

    def _start_servers(self, listener: socket.socket, environment: Callable[[], dict[str, str]]) -> None:
        """Start the servers and wait until all of them can serve."""
        self._running.callback(self._end, self._servers, _drain_seconds())
        self._running.callback(listener.close)  # before they drain, so that nobody new waits for them
        accept_from = listener.fileno()
        for replica in range(self._options.replicas):
            metrics_port = self._options.metrics_port and self._options.metrics_port + replica

            options = ("--role", "all", "--listen-fd", str(accept_from), "--metrics-port", str(metrics_port))
            command = (*self._programs.server, *options, "--parent-pid", str(os.getpid()))

            def start(command: Sequence[str] = command) -> Child:
                return start_child(command, environment(), descriptors=(accept_from,))

            name = "The server" if self._options.replicas == 1 else f"Server {replica + 1}"
            server = Service(name, start, self._steps.say)
            self._servers.append(server)
            self._supervisor.look_after(server)
        self._supervisor.run_until(lambda: all(server.is_ready for server in self._servers))

    def _restart_servers(self) -> None:
        """Let the servers end; they are started again with what is true now."""
        for server in self._servers:
            server.terminate()

    def _end(self, services: Sequence[Service], drain_seconds: float) -> None:
        end_services(services, drain_seconds=drain_seconds, signals=self._signals, say=self._steps.say)

    def _announce(
        self,
        folder: DataFolder,
        url: str,
        credentials: Credentials,
        virtual_key: str,
        models: Sequence[Deployment],
        *,
        has_stated_prices: bool,
    ) -> None:
        connection = {
            "url": url,
            "master_key": credentials.master_key,
            "admin_username": credentials.admin_username,
            "admin_password": credentials.admin_password,
            "virtual_key": virtual_key,
        }
        self._running.callback(folder.remove_connection)
        folder.write_connection(connection)
        click.echo(welcome(connection, models, has_stated_prices=has_stated_prices))


def _drain_seconds() -> float:
    try:
        return float(os.environ.get(_DRAIN_VARIABLE) or _DRAIN_SECONDS)
    except ValueError as error:
        raise SetupError(f"{_DRAIN_VARIABLE} must be a number of seconds.") from error
