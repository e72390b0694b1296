"""`litemaas migrate` and `litemaas wait-for-database`."""

import asyncio
import sys

import click

from litemaas.cli.errors import SetupError
from litemaas.cli.options import json_option
from litemaas.cli.output import print_json
from litemaas.cli.serve import checked_settings, require_database


@click.command()
@json_option
def migrate(*, as_json: bool) -> None:
    """Bring the schema of DATABASE_URL up to date. Several at once are safe."""
    from litemaas import migrations  # noqa: PLC0415 - loads the database driver

    url = _database_url()
    try:
        applied = migrations.migrate(url, on_progress=_say)
    except migrations.MigrationError as error:
        raise SetupError(str(error)) from error
    if as_json:
        print_json({"applied": applied})
    else:
        print(f"Applied: {', '.join(applied)}." if applied else "The schema is up to date.")


@click.command()
@click.option("--timeout", type=click.FloatRange(min=0), default=300.0, help="Seconds to wait.")
def wait_for_database(timeout: float) -> None:
    """Wait until the database of DATABASE_URL answers."""
    from litemaas.migrations import MigrationError  # noqa: PLC0415 - loads the database driver
    from litemaas.migrations.connection import connect  # noqa: PLC0415

    async def wait(url: str) -> None:
        connection = await connect(url, seconds=timeout, on_progress=_say)
        await connection.close()

    try:
        asyncio.run(wait(_database_url()))
    except MigrationError as error:
        raise SetupError(str(error)) from error


def _database_url() -> str:
    settings = checked_settings()
    require_database(settings)
    return settings.database.listen_url


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
