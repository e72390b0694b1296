"""The virtual key that is ready to use after every start."""

from contextlib import suppress

from litemaas.cli.client import Client
from litemaas.cli.errors import ApiError, SetupError
from litemaas.cli.up.credentials import CredentialStore

ALIAS = "litemaas-up"


def ready_virtual_key(client: Client, store: CredentialStore) -> str:
    """Return a virtual key that works: the one of the last start, or a new one for all models.

    Args:
        client: Calls LiteMaaS with the master key.
        store: Keeps the key's text.

    Raises:
        CommandError: LiteMaaS refuses.
    """
    kept = store.virtual_key
    if kept is not None and _works(client.url, kept):
        return kept
    with suppress(ApiError):  # one whose text was lost, or that was blocked or has expired, still holds the alias
        client.post("/key/delete", {"key_aliases": [ALIAS]})
    issued = client.post("/key/generate", {"key_alias": ALIAS, "models": ["all-proxy-models"]})
    text = str(issued["key"])
    store.keep_virtual_key(text)
    return text


def _works(url: str, text: str) -> bool:
    """Ask with the key itself, which answers for unknown, blocked and expired at once."""
    try:
        Client(url, text).get("/key/info")
    except SetupError:
        return False
    return True
