"""Options that the ways to import share, and secrets that come by environment or standard input."""

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import click

from litemaas.cli.options import data_dir_option, json_option, yes_option
from litemaas.cli.secret_input import read_secret_from_input
from litemaas.domain.moving.entities import Protection
from litemaas.settings import Secret

_SALT_KEY_VARIABLE = "LITELLM_SALT_KEY"
_LEAST_PASSPHRASE = 12
F = TypeVar("F", bound=Callable[..., Any])

passphrase_option = click.option(
    "--passphrase-env",
    metavar="NAME",
    help="Read the passphrase of providers' credentials from this variable; otherwise it is asked for.",
)


class ImportOptions(NamedTuple):
    """How to import."""

    data_dir: Path
    dry_run: bool
    update: bool
    accepted: frozenset[Protection]
    confirmed: bool
    as_json: bool


def import_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of every import; they come as its argument `options`."""

    @data_dir_option
    @click.option("--dry-run", is_flag=True, help="Only tell what would happen.")
    @click.option("--update", is_flag=True, help="Also change what is here already and differs.")
    @click.option(
        "--accept",
        "accepted",
        type=click.Choice([one.value for one in Protection]),
        multiple=True,
        help="Go on although this protection of the source would be lost.",
    )
    @yes_option
    @json_option
    @functools.wraps(command)
    def with_options(**given: Any) -> Any:
        accepted = frozenset(Protection(name) for name in given.pop("accepted"))
        own = {name: given.pop(name) for name in ImportOptions._fields if name != "accepted"}
        options = ImportOptions(accepted=accepted, **own)
        if options.as_json and not (options.dry_run or options.confirmed):
            raise click.UsageError("--json asks nobody: add --dry-run or --yes.")
        return command(options=options, **given)

    return with_options


def salt_key_options(command: F) -> F:
    """Give a command the options by which LiteLLM's salt key comes in."""
    for option in (
        click.option("--salt-key-stdin", is_flag=True, help="Read LiteLLM's salt key from standard input."),
        click.option("--salt-key-env", metavar="NAME", help=f"Read it from this variable. [{_SALT_KEY_VARIABLE}]"),
    ):
        command = option(command)
    return command


def read_salt_key(*, from_input: bool, variable: str | None) -> Secret | None:
    """LiteLLM's salt key, None if it is not given.

    Raises:
        click.UsageError: Its source is empty.
    """
    if from_input:
        return Secret(read_secret_from_input("LiteLLM's salt key"))
    value = os.environ.get(variable or _SALT_KEY_VARIABLE, "").strip()
    if variable and not value:
        raise click.UsageError(f"The variable {variable} of --salt-key-env is not set.")
    return Secret(value) if value else None


def read_passphrase(variable: str | None) -> Secret:
    """The passphrase that credentials are sealed under.

    Raises:
        click.UsageError: It is missing or short.
    """
    given = os.environ.get(variable, "").strip() if variable else read_secret_from_input("Passphrase")
    if len(given) < _LEAST_PASSPHRASE:
        raise click.UsageError(f"The passphrase needs at least {_LEAST_PASSPHRASE} characters.")
    return Secret(given)


def read_database_url(url: str | None, variable: str | None, *, option: str) -> Secret | None:
    """The URL of a database to import from, None if it is not given.

    Raises:
        click.UsageError: It is given twice, or its variable is empty.
    """
    if url and variable:
        raise click.UsageError(f"{option} and {option}-env exclude each other.")
    if variable:
        url = os.environ.get(variable, "").strip()
        if not url:
            raise click.UsageError(f"The variable {variable} of {option}-env is not set.")
    elif url and urlsplit(url).password:
        warning = f"The password in {option} can be seen in the process list: {option}-env NAME reads it unseen."
        click.secho(warning, file=sys.stderr, fg="yellow")
    return Secret(url) if url else None
