"""`litemaas import FILE`, `litemaas import litellm` and `litemaas import litemaas`."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import click

from litemaas.cli.errors import CommandError
from litemaas.cli.moving.destination import open_destination
from litemaas.cli.moving.options import (
    ImportOptions,
    import_options,
    passphrase_option,
    read_database_url,
    read_passphrase,
    read_salt_key,
    salt_key_options,
)
from litemaas.cli.moving.report import print_report
from litemaas.cli.output import print_json
from litemaas.domain.audit.entities import Actor
from litemaas.domain.errors import LiteMaaSError
from litemaas.domain.moving.bundle.reading import read_bundle, read_header
from litemaas.domain.moving.entities import Bundle, Report
from litemaas.domain.moving.errors import ProtectionLostError
from litemaas.domain.moving.foreign import open_foreign
from litemaas.domain.moving.litellm.config import read_config
from litemaas.domain.moving.litellm.database import read_database
from litemaas.domain.moving.litellm.environment import Environment
from litemaas.domain.moving.litellm.sealed import Unsealer
from litemaas.domain.moving.litemaas_app import read_app
from litemaas.domain.moving.service import ImportService

_ACTOR = Actor("litemaas import")
_FROM_INPUT = Path("-")

Reader = Callable[[AsyncExitStack], Coroutine[Any, Any, Bundle]]
"""Reads the source; it is called again for the import itself, after a first look. What it opens is closed after it."""


class _Sources(click.Group):
    """Takes a word that is no source for the name of a file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["file", *args]
        return super().parse_args(ctx, args)


@click.group("import", cls=_Sources)
def import_() -> None:
    """Bring in what another LiteMaaS or a LiteLLM has.

    `litemaas import FILE` reads what `litemaas export` wrote.

    First shows what would happen, then asks. Can be repeated: what is here and differs stays, unless --update is given.
    """


@import_.command("file", hidden=True)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@passphrase_option
@import_options
def import_file(file: Path, passphrase_env: str | None, options: ImportOptions) -> None:
    """Bring in a FILE of `litemaas export`."""
    try:
        with file.open("rb") as lines:
            header = read_header(lines.readline())
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except LiteMaaSError as error:
        raise CommandError(f"{file}: {error.message}") from error
    passphrase = read_passphrase(passphrase_env) if header.secrets == "sealed" else None

    async def read(opened: AsyncExitStack) -> Bundle:
        lines = opened.enter_context(file.open("rb"))
        return read_bundle(read_header(lines.readline()), lines, passphrase)

    _run(read, options)


@import_.command("litellm")
@click.option("--config", type=click.Path(path_type=Path), help="LiteLLM's config.yaml; - is standard input.")
@click.option("--database", metavar="URL", help="LiteLLM's database; its password may be in PGPASSWORD.")
@click.option("--database-env", metavar="NAME", help="Read that URL from this variable.")
@salt_key_options
@import_options
def import_litellm(
    config: Path | None,
    database: str | None,
    database_env: str | None,
    salt_key_env: str | None,
    options: ImportOptions,
    *,
    salt_key_stdin: bool,
) -> None:
    """Bring in what LiteLLM has. Its configuration, or its database with keys, budgets and spend."""
    url = read_database_url(database, database_env, option="--database")
    if (config is None) == (url is None):
        raise click.UsageError("Name one of --config and --database.")
    unsealer = Unsealer(read_salt_key(from_input=salt_key_stdin, variable=salt_key_env))
    text = None if config is None else _read_config_text(config)

    async def read(opened: AsyncExitStack) -> Bundle:
        if url is None:
            folder = Path() if config in (None, _FROM_INPUT) else config.parent
            return read_config(text or "", folder, os.environ)
        connection = await opened.enter_async_context(open_foreign(url))
        return await read_database(connection, unsealer, Environment(os.environ))

    _run(read, options)


@import_.command("litemaas")
@click.option("--database", metavar="URL", help="The application's database; its password may be in PGPASSWORD.")
@click.option("--database-env", metavar="NAME", help="Read that URL from this variable.")
@click.option("--litellm-database", metavar="URL", help="LiteLLM's, if it is another one.")
@click.option("--litellm-database-env", metavar="NAME", help="Read that URL from this variable.")
@click.option("--issuer", metavar="URL", help="Issuer of people who log in by OpenID Connect.")
@salt_key_options
@import_options
def import_litemaas(
    database: str | None,
    database_env: str | None,
    litellm_database: str | None,
    litellm_database_env: str | None,
    issuer: str | None,
    salt_key_env: str | None,
    options: ImportOptions,
    *,
    salt_key_stdin: bool,
) -> None:
    """Bring in what the public LiteMaaS has. Its people and their models, on top of what its LiteLLM has."""
    app_url = read_database_url(database, database_env, option="--database")
    if app_url is None:
        raise click.UsageError("Name the database with --database or --database-env.")
    litellm_url = read_database_url(litellm_database, litellm_database_env, option="--litellm-database") or app_url
    unsealer = Unsealer(read_salt_key(from_input=salt_key_stdin, variable=salt_key_env))

    async def read(opened: AsyncExitStack) -> Bundle:
        app = await opened.enter_async_context(open_foreign(app_url))
        litellm = await opened.enter_async_context(open_foreign(litellm_url))
        return await read_app(app, litellm, unsealer, Environment(os.environ), issuer)

    _run(read, options)


def _read_config_text(path: Path) -> str:
    try:
        return sys.stdin.read() if path == _FROM_INPUT else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise CommandError(f"{path} cannot be read: {reason}.") from error


def _run(read: Reader, options: ImportOptions) -> None:
    try:
        report = asyncio.run(_import(read, options))
    except ProtectionLostError as error:
        _show(error.report, options)
        raise CommandError(error.message) from error
    except LiteMaaSError as error:
        raise CommandError(error.message) from error
    _show(report, options)


async def _import(read: Reader, options: ImportOptions) -> Report:
    async with open_destination(options.data_dir) as (pool, vault):
        service = ImportService(pool, vault)
        if options.dry_run or not options.confirmed:
            async with AsyncExitStack() as opened:
                report = await service.look(_ACTOR, await read(opened), update=options.update)
            if options.dry_run:
                return report
            if missing := report.losses.difference(options.accepted):
                raise ProtectionLostError(missing, report)
            print_report(report)
            click.confirm("Bring this in?", abort=True, err=True)
        async with AsyncExitStack() as opened:
            return await service.bring_in(_ACTOR, await read(opened), accepted=options.accepted, update=options.update)


def _show(report: Report, options: ImportOptions) -> None:
    if options.as_json:
        print_json(report)
    else:
        print_report(report)
