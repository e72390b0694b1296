"""Which LiteMaaS a command talks to, and with what credential.

Named by `--url` or LITEMAAS_URL, with the key in LITELLM_MASTER_KEY; otherwise the one that `litemaas up` runs from the
data folder, which leaves a `connection.json` there while it can serve. The key of that file is never sent elsewhere.
"""

import json
import os
from pathlib import Path
from typing import NamedTuple

from litemaas.cli.errors import SetupError

CONNECTION_FILE = "connection.json"
MASTER_KEY_VARIABLE = "LITELLM_MASTER_KEY"  # the variable's name


class Target(NamedTuple):
    """A running LiteMaaS and the key to it."""

    url: str
    master_key: str


def find_target(url: str | None, data_dir: Path) -> Target:
    """Return the LiteMaaS at `url`, or without one that of `data_dir`.

    Raises:
        SetupError: There is none, or no key to it.
    """
    running = _read_connection(data_dir)
    if url is None:
        if running is None:
            raise SetupError(
                f"No LiteMaaS runs from {data_dir}: start one with `litemaas up`, name its folder with --data-dir, "
                f"or name another LiteMaaS with --url and put its master key in {MASTER_KEY_VARIABLE}."
            )
        return running
    if (master_key := os.environ.get(MASTER_KEY_VARIABLE, "").strip()) != "":
        return Target(url, master_key)
    if running is not None and running.url == url.rstrip("/"):
        return running
    raise SetupError(f"There is no key for {url}: put its master key in the variable {MASTER_KEY_VARIABLE}.")


def _read_connection(data_dir: Path) -> Target | None:
    path = data_dir / CONNECTION_FILE
    try:
        connection = json.loads(path.read_text(encoding="utf-8"))
        return Target(connection["url"], connection["master_key"])
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SetupError(f"{path} cannot be read ({error.strerror}): run this as the user who runs it.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise SetupError(f"{path} is damaged: stop `litemaas up` and start it again, which writes it anew.") from error
