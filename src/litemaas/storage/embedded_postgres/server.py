"""Starts, watches and stops the server of one data folder."""

import os
import subprocess
import time
from pathlib import Path

from litemaas.storage.embedded_postgres import cluster as clusters
from litemaas.storage.embedded_postgres import postmaster
from litemaas.storage.embedded_postgres.errors import (
    PORT_TAKEN,
    STILL_IN_USE,
    EmbeddedPostgresError,
    explain,
    explain_os_error,
)
from litemaas.storage.embedded_postgres.identity import choose_launcher
from litemaas.storage.embedded_postgres.launcher import ENVIRONMENT, Launcher
from litemaas.storage.embedded_postgres.lock import FolderLock
from litemaas.storage.embedded_postgres.port import choose_port, free_port, keep_port

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # their paths must be shorter than many data folders are
    "max_connections": "60",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Nobody replicates this server; without it there is less to write and no process for it.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    # Small on memory and disk.
    "shared_buffers": "64MB",
    "io_method": "sync",
    "min_wal_size": "32MB",
    "max_wal_size": "256MB",
    # The log says what went wrong, never what was stored.
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}
_NOT_DURABLE = {"fsync": "off", "full_page_writes": "off"}

_POLL_SECONDS = 0.02
_READY_SECONDS = 300.0  # recovery after a power cut reads up to max_wal_size from a disk that may be slow
_OLD_PROCESSES_SECONDS = 30.0
_LOG_BYTES = 10_000_000


class EmbeddedPostgres:
    """PostgreSQL on 127.0.0.1 for one data folder.

    Call `start` from a thread that lives as long as the process: the kernel takes the thread for the parent, and when
    it ends, so does the server.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        """Prepare the server of `data_dir`; nothing is written yet.

        Args:
            data_dir: LiteMaaS's data folder.
            durable: Committed data survives a power cut. False is faster, survives no more than a crash of PostgreSQL,
                and is for tests only.
        """
        self._folder = data_dir.resolve() / "postgres"
        self._durable = durable
        self._lock = FolderLock(self._folder / "lock")
        self._process: subprocess.Popen[bytes] | None = None
        self._url = ""

    @property
    def alive(self) -> bool:
        """Whether the server that `start` started still runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def process_id(self) -> int | None:
        """The postmaster's process id while it runs; all other processes of the server are its children."""
        return self._process.pid if self._process is not None and self.alive else None

    def start(self) -> str:
        """Start the server, recover its data if it was not stopped properly, and return when it takes connections.

        Calling it again is harmless, and after a crash brings the server back.

        Returns:
            `postgresql://litemaas:<password>@127.0.0.1:<port>/litemaas`, with the port of the last start if it is free.

        Raises:
            EmbeddedPostgresError: It cannot run here; the message says what to do.
        """
        if not self.alive:
            try:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._lock.acquire()
                self._url = self._start()
            except OSError as error:
                self.stop()
                raise explain_os_error(error, self._folder) from error
            except BaseException:
                self.stop()
                raise
        return self._url

    def stop(self) -> None:
        """Shut the server down and wait for its end; nothing happens if it does not run.

        Connections are closed and data is written out. A server that does not manage within a minute is ended the hard
        way, from which the next start recovers.
        """
        if self._process is not None:
            process, self._process = self._process, None
            if process.poll() is None:
                postmaster.shut_down(process.pid, lambda seconds: _ended(process, seconds))
        self._lock.release()

    def _start(self) -> str:
        launcher = choose_launcher(self._folder)
        postmaster.end_earlier_server(self._folder / "cluster")
        cluster = clusters.create_cluster(launcher, self._folder, durable=self._durable)
        password = clusters.password_of(launcher, self._folder)
        port = self._serve(launcher, cluster)
        self._log_in(launcher, port, password)
        keep_port(self._folder, port)
        return f"postgresql://{clusters.USER}:{password}@127.0.0.1:{port}/{clusters.DATABASE}"

    def _serve(self, launcher: Launcher, cluster: Path) -> int:
        """Launch the server until it is ready, and return its port."""
        deadline = time.monotonic() + _OLD_PROCESSES_SECONDS
        port = choose_port(self._folder)
        while (complaint := self._launch(launcher, cluster, port)) is not None:
            if PORT_TAKEN in complaint:
                port = free_port()
            elif STILL_IN_USE in complaint and time.monotonic() < deadline:
                time.sleep(_POLL_SECONDS)  # children of a killed postmaster go by themselves
            else:
                raise explain(complaint, self._folder)
        return port

    def _launch(self, launcher: Launcher, cluster: Path, port: int) -> str | None:
        """Launch the server once; return None when it is ready, or what it said before it ended."""
        settings = _SETTINGS | ({} if self._durable else _NOT_DURABLE)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        log = self._folder / "log"
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.rename(log.with_name("log.1"))
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        end_of_log = os.lseek(descriptor, 0, os.SEEK_END)
        try:
            self._process = subprocess.Popen(
                launcher.command("postgres", "-D", str(cluster), "-p", str(port), *options),
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                env=ENVIRONMENT,
                start_new_session=True,  # Ctrl-C is the supervisor's to answer, which stops the server last
            )
        finally:
            os.close(descriptor)
        deadline = time.monotonic() + _READY_SECONDS
        while self._process.poll() is None:
            if postmaster.is_ready(cluster, self._process.pid):
                return None
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"PostgreSQL was not ready after {_READY_SECONDS:.0f} s: see {log}, then start again."
                )
            time.sleep(_POLL_SECONDS)
        with log.open("rb") as file:
            file.seek(end_of_log)
            return file.read().decode(errors="replace")

    def _log_in(self, launcher: Launcher, port: int, password: str) -> None:
        """Prove that the password opens the database."""
        address = ("--host=127.0.0.1", f"--port={port}", f"--username={clusters.USER}", f"--dbname={clusters.DATABASE}")
        result = subprocess.run(
            [str(launcher.bin_dir / "psql"), *address, "--no-password", "--no-psqlrc", "--command=SELECT"],
            env=ENVIRONMENT | {"PGPASSWORD": password, "PGCONNECT_TIMEOUT": "30"},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            raise explain(result.stderr, self._folder)


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
