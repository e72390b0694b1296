"""`litemaas serve`: checks what can be checked cheaply, then becomes the server's process.

It execs instead of importing, so that this edge stays free of the others and the process carries nothing of the command
line in memory.
"""

import os
import sys

import click

from litemaas.cli.errors import SetupError
from litemaas.settings import Settings, SettingsError, read_settings

ROLES = ("all", "gateway", "backend", "frontend")


@click.command()
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default="all",
    help="gateway: inference, management API, /api and UI; backend: /api; frontend: the UI's files.",
)
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=4000, help="TCP port.")
@click.option("--metrics-port", type=click.IntRange(0, 65535), default=None, help="Port of /metrics; 0: none.")
def serve(role: str, host: str, port: int, metrics_port: int | None) -> None:
    """Run one server process. Settings come from the environment."""
    settings = checked_settings()
    if role != "frontend":
        _require(settings)
    metrics = settings.server.metrics_port if metrics_port is None else metrics_port
    options = ("--role", role, "--host", host, "--port", str(port), "--metrics-port", str(metrics))
    # Nothing of the user's becomes a program: the interpreter is ours and the options were checked by click.
    os.execv(sys.executable, [sys.executable, "-P", "-m", "litemaas.server", *options])  # noqa: S606 - becoming it is the point


def checked_settings() -> Settings:
    """Return the settings of the environment.

    Raises:
        SetupError: One of them cannot be read.
    """
    try:
        return read_settings()
    except SettingsError as error:
        raise SetupError(str(error)) from error


def require_database(settings: Settings) -> None:
    """Refuse to go on without a database.

    Raises:
        SetupError: None is named.
    """
    if not settings.database.url:
        raise SetupError("DATABASE_URL is not set: name a PostgreSQL, or let `litemaas up` run one.")


def _require(settings: Settings) -> None:
    require_database(settings)
    if not settings.access.master_key:
        raise SetupError("LITELLM_MASTER_KEY is not set: choose a long random text that begins with sk-.")
    if not settings.access.salt_key:
        raise SetupError(
            "LITEMAAS_SALT_KEY is not set: choose a long random text and keep it, it encrypts provider credentials."
        )
