"""Our database, which imports change and exports read: that of DATABASE_URL, or of `litemaas up` in a data folder."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import asyncpg

from litemaas import migrations
from litemaas.cli.errors import SetupError
from litemaas.cli.moving.data_folder import database_url_of, salt_key_of
from litemaas.cli.serve import checked_settings
from litemaas.settings import AccessSettings, Secret
from litemaas.storage.postgres import PASSING_ERRORS, Pool, open_pool
from litemaas.storage.vault import Vault, VaultError

_CHECK = "SELECT sealed FROM salt_check"


class Destination(NamedTuple):
    """An open database of ours."""

    pool: Pool
    vault: Vault


@asynccontextmanager
async def open_destination(data_dir: Path, vault: Vault | None = None) -> AsyncIterator[Destination]:
    """Open it, with the salt key of the settings or of the folder unless a `vault` is given.

    Raises:
        SetupError: There is none, or it cannot be used as it is.
    """
    settings = checked_settings()
    url = settings.database.url or database_url_of(data_dir)
    vault = vault or _vault_of(settings.access, data_dir)
    if url is None or vault is None:
        raise SetupError(
            f"No database is named: set DATABASE_URL and LITEMAAS_SALT_KEY, or name the data folder of a running"
            f" `litemaas up` with --data-dir ({data_dir} is none)."
        )
    try:
        pool = await open_pool(Secret(url), size=2)
    except (asyncpg.PostgresError, *PASSING_ERRORS) as error:
        raise SetupError(f"The database cannot be reached ({type(error).__name__}): is LiteMaaS running?") from error
    try:
        await _check(pool, vault)
        yield Destination(pool, vault)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError, TimeoutError) as error:
        raise SetupError(f"The database broke off ({type(error).__name__}): nothing was changed.") from error
    finally:
        await pool.close()


def _vault_of(access: AccessSettings, data_dir: Path) -> Vault | None:
    salt_key = access.salt_key or salt_key_of(data_dir)
    return Vault(salt_key, access.salt_key_previous) if salt_key else None


async def _check(pool: Pool, vault: Vault) -> None:
    async with pool.acquire() as connection:
        revision, head = await migrations.current_revision(connection), migrations.head_revision()
        if revision != head:
            raise SetupError(
                f"The database has schema {revision or 'none'}, this version needs {head}: run `litemaas migrate`."
            )
        sealed = await connection.fetchval(_CHECK)
    if sealed is None:
        raise SetupError("No LiteMaaS ever ran on this database: start it once, so that its salt key is fixed.")
    try:
        vault.open(sealed)
    except VaultError as error:
        raise SetupError("LITEMAAS_SALT_KEY is not the one that this database's credentials have.") from error
