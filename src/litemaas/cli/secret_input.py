"""How a secret enters a command: from a variable, standard input or a prompt, never as an argument.

Arguments are visible to every user of the machine (`ps`) and stay in the shell's history.
"""

import os
import sys

import click

_LONGEST_SECRET = 16 * 1024


def read_secret_from_input(what: str) -> str:
    """Return the first line of standard input, asked for without echo if that is a terminal.

    Args:
        what: Names the secret in the prompt and in errors.

    Raises:
        click.UsageError: There is nothing.
    """
    if sys.stdin.isatty():
        secret = str(click.prompt(what, hide_input=True, err=True)).strip()
    else:
        secret = sys.stdin.readline(_LONGEST_SECRET).strip()
    if not secret:
        raise click.UsageError(f"{what} is expected on standard input, but there is nothing.")
    return secret


def read_upstream_key(*, from_input: bool, variable: str | None) -> str | None:
    """Return the upstream's API key as `--api-key-stdin` and `--api-key-env` say; see `read_secret`."""
    return read_secret("API key", "api-key", from_input=from_input, variable=variable)


def read_secret(what: str, option: str, *, from_input: bool, variable: str | None) -> str | None:
    """Return the secret that `--<option>-stdin` or `--<option>-env` leads to, None without them.

    Raises:
        click.UsageError: Both are given, or the source is empty.
    """
    if from_input and variable:
        raise click.UsageError(f"--{option}-stdin and --{option}-env exclude each other.")
    if from_input:
        return read_secret_from_input(what)
    if variable is None:
        return None
    if (secret := os.environ.get(variable, "").strip()) == "":
        raise click.UsageError(f"The variable {variable} of --{option}-env is not set.")
    return secret
