"""Provider credentials on their way into our vault: in the open only here, and only in memory."""

from collections.abc import Sequence

from litemaas.domain.moving.comparing import Compared
from litemaas.domain.moving.entities import Row
from litemaas.storage.postgres import Connection
from litemaas.storage.vault import Vault, VaultError

_COLUMN = "credential"


class CredentialSealer:
    """Seals the credentials of deployments for the database that they go to."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    async def seal(self, rows: Sequence[Row]) -> None:
        """Replace the plain credentials in `rows` by sealed ones; one that is here already keeps its bytes."""
        ids = [row["id"] for row in rows if row.get(_COLUMN)]
        present = {
            row["id"]: row[_COLUMN]
            for row in await self._connection.fetch("SELECT id, credential FROM deployments WHERE id = ANY($1)", ids)
        }
        for row in rows:
            if credential := row.get(_COLUMN):
                stored = present.get(row["id"])
                sealed = stored if stored and self._opens_to(stored, credential) else self._vault.seal(credential)
                row[_COLUMN] = f"\\x{sealed.hex()}"

    def _opens_to(self, stored: bytes, credential: str) -> bool:
        try:
            return self._vault.open(stored) == credential
        except VaultError:
            return False


def sends_stored_elsewhere(row: Row, compared: Compared) -> bool:
    """Tell whether a change that brings no credential would send the stored one to another address."""
    before = compared.before or {}
    moved = any(before.get(name) != compared.after.get(name) for name in ("provider", "api_base"))
    return moved and before.get(_COLUMN) is not None and _COLUMN not in row
