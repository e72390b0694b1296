"""Options that several commands share."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import click

from litemaas.cli.client import Client
from litemaas.cli.target import find_target

P = ParamSpec("P")
R = TypeVar("R")

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".litemaas"),
    envvar="LITEMAAS_DATA_DIR",
    help="Folder of `litemaas up`.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")

yes_option = click.option("--yes", "-y", "confirmed", is_flag=True, help="Do not ask.")


def calls_litemaas(command: Callable[Concatenate[Client, P], R]) -> Callable[P, R]:
    """Give a command the options that say which LiteMaaS it talks to, and a client of that one as first argument."""

    @click.option("--url", envvar="LITEMAAS_URL", help="A running LiteMaaS; its key is read from LITELLM_MASTER_KEY.")
    @data_dir_option
    @functools.wraps(command)
    def with_client(*args: P.args, **kwargs: P.kwargs) -> R:
        url, data_dir = kwargs.pop("url"), kwargs.pop("data_dir")
        target = find_target(url, data_dir)  # type: ignore[arg-type] # click made them by the options above
        return command(Client(target.url, target.master_key), *args, **kwargs)

    return with_client
