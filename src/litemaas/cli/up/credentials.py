"""The secrets of one data folder: made once, kept in `secrets.json`, the same at every start.

A value that the user gives in the environment wins and is not stored: whoever manages it there goes on doing so.
"""

import secrets
from collections.abc import Mapping
from typing import NamedTuple

from litemaas.cli.target import MASTER_KEY_VARIABLE
from litemaas.cli.up.folder import DataFolder

_FILE = "secrets.json"
_VIRTUAL_KEY = "virtual_key"  # the name of its place in the file


class Credentials(NamedTuple):
    """What the servers are started with."""

    master_key: str
    admin_username: str
    admin_password: str
    salt_key: str
    session_key: str

    def __repr__(self) -> str:
        """Return a placeholder, so that no traceback carries them."""
        return "Credentials(…)"

    def environment(self) -> dict[str, str]:
        """Return them as the variables that a server reads."""
        return dict(zip(_VARIABLES, self, strict=True))


_VARIABLES = (MASTER_KEY_VARIABLE, "UI_USERNAME", "UI_PASSWORD", "LITEMAAS_SALT_KEY", "LITEMAAS_SESSION_KEY")


class CredentialStore:
    """Reads and writes the secrets of a folder."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._kept = folder.read(_FILE)

    def credentials(self, environment: Mapping[str, str]) -> Credentials:
        """Return the credentials, making those that do not exist yet.

        Args:
            environment: The user's variables, which win.

        Raises:
            SetupError: They cannot be written.
        """
        fresh = Credentials(
            master_key=f"sk-{secrets.token_urlsafe(32)}",
            admin_username="admin",
            admin_password=secrets.token_urlsafe(15),
            salt_key=secrets.token_urlsafe(32),
            session_key=secrets.token_urlsafe(32),
        )._asdict()
        if missing := fresh.keys() - self._kept.keys():
            self._kept |= {name: fresh[name] for name in missing}
            self._folder.write(_FILE, self._kept)
        given = (environment.get(variable, "").strip() for variable in _VARIABLES)
        return Credentials(*(value or self._kept[name] for value, name in zip(given, Credentials._fields, strict=True)))

    @property
    def virtual_key(self) -> str | None:
        """The ready virtual key's text, if one was issued."""
        return self._kept.get(_VIRTUAL_KEY)

    def keep_virtual_key(self, text: str) -> None:
        """Keep the text of a newly issued virtual key.

        Raises:
            SetupError: It cannot be written.
        """
        self._kept[_VIRTUAL_KEY] = text
        self._folder.write(_FILE, self._kept)
