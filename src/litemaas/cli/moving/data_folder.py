"""What a data folder of `litemaas up` says about its database, without starting anything."""

import json
from pathlib import Path

from litemaas.cli.errors import SetupError
from litemaas.settings import Secret
from litemaas.storage.embedded_postgres.cluster import DATABASE, USER


def database_url_of(data_dir: Path) -> Secret | None:
    """Where the embedded database of a folder listens; None: it has none.

    Raises:
        SetupError: The folder is somebody else's.
    """
    password, port = (_read(data_dir / "postgres" / name) for name in ("password", "port"))
    return Secret(f"postgresql://{USER}:{password}@127.0.0.1:{port}/{DATABASE}") if password and port else None


def salt_key_of(data_dir: Path) -> Secret | None:
    """The salt key that a folder keeps, also for a database elsewhere; None: it keeps none.

    Raises:
        SetupError: The folder is somebody else's, or damaged.
    """
    path = data_dir / "secrets.json"
    text = _read(path)
    try:
        return Secret(json.loads(text)["salt_key"]) if text else None
    except (ValueError, KeyError, TypeError) as error:
        raise SetupError(f"{path} is damaged: restore it from a backup.") from error


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SetupError(f"{path} cannot be read ({error.strerror}): run this as the user who runs it.") from error
