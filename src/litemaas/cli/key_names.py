"""How a virtual key is named on the command line: by alias or hash, never by its text, which is a secret.

The beginning of a hash will do, as lists show it.
"""

import hashlib
import re
from typing import Any

import click

from litemaas.cli.client import Client
from litemaas.cli.errors import CommandError
from litemaas.cli.paging import all_pages
from litemaas.cli.secret_input import read_secret_from_input

FROM_INPUT = "-"
_HASH = re.compile(r"[0-9a-f]{64}")
_BEGINNING = re.compile(r"[0-9a-f]{8,63}")
_SHOWN = 12

key_argument = click.argument("name", metavar="KEY")


def find_hash(client: Client, name: str) -> str:
    """Return the SHA-256 hash that the API knows the key `name` by.

    Args:
        client: Looks aliases up.
        name: An alias, a hash or its beginning, or `-` to read the key's text from standard input.

    Raises:
        click.UsageError: It is a key's text.
        CommandError: No key is called so, or several are.
    """
    if name.startswith("sk-"):
        raise click.UsageError(
            "A key's text is a secret that others can read in the process list: "
            "name the key by its alias or hash, or write - and give its text on standard input."
        )
    if name == FROM_INPUT:
        return hashlib.sha256(read_secret_from_input("Virtual key").encode()).hexdigest()
    if _HASH.fullmatch(name):
        return name
    found = client.get("/key/list", {"key_alias": name, "return_full_object": "true", "size": 100})["keys"]
    hashes = [str(row["token"]) for row in found if row.get("key_alias") == name] or _begun(client, name)
    if not hashes:
        raise CommandError(f"No key is called {name}: `litemaas key list` shows all.")
    if len(hashes) > 1:
        raise CommandError(
            f"Several keys are called {name}: name one by more of its hash (`litemaas key list --json`)."
        )
    return hashes[0]


def shown_name(row: dict[str, Any]) -> str:
    """Return what names this key in other commands."""
    return str(row.get("key_alias") or str(row.get("token") or "")[:_SHOWN])


def _begun(client: Client, name: str) -> list[str]:
    if not _BEGINNING.fullmatch(name):
        return []
    rows = all_pages(client, "/key/list", {"return_full_object": "true"}, rows="keys", size_parameter="size")
    return [str(row["token"]) for row in rows if str(row["token"]).startswith(name)]
