"""The story of one `up`: what is started in which order, and ended in the opposite one."""

import os
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack

import click

from litemaas.cli.client import Client
from litemaas.cli.up import offers as offering
from litemaas.cli.up.credentials import Credentials, CredentialStore
from litemaas.cli.up.database import EmbeddedDatabase, migrate_in_child
from litemaas.cli.up.demo import demo_service
from litemaas.cli.up.folder import DataFolder
from litemaas.cli.up.listening import listen, url_of
from litemaas.cli.up.options import Programs, UpOptions
from litemaas.cli.up.registration import Deployment, list_deployments, sync_models_from_offers
from litemaas.cli.up.servers import drain_seconds, server_environment, server_services
from litemaas.cli.up.services import Service
from litemaas.cli.up.signals import Signals, StopRequested
from litemaas.cli.up.steps import Steps
from litemaas.cli.up.supervisor import Supervisor, end_services
from litemaas.cli.up.virtual_key import ready_virtual_key
from litemaas.cli.up.welcome import welcome


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

        def environment() -> dict[str, str]:
            return server_environment(self._options, folder, credentials, database_url())

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

    def _start_servers(self, listener: socket.socket, environment: Callable[[], dict[str, str]]) -> None:
        """Start the servers and wait until all of them can serve."""
        self._servers += server_services(self._programs.server, self._options, listener, environment, self._steps.say)
        self._running.callback(self._end, self._servers, drain_seconds(os.environ))
        self._running.callback(listener.close)  # before they drain, so that nobody new waits for them
        for server in self._servers:
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
