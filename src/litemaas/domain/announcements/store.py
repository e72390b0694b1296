"""SQL of banners."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import astuple

from litemaas.domain.announcements.entities import Banner
from litemaas.domain.announcements.errors import BannerNotFoundError
from litemaas.storage.postgres import Connection
from litemaas.storage.rows import insert_row, update_row

_COLUMNS = Banner.__struct_fields__
_TABLE = "banners"


async def add_banner(connection: Connection, banner: Banner) -> None:
    """Store a new banner."""
    await connection.execute(insert_row(_TABLE, _COLUMNS), *astuple(banner))


async def save_banner(connection: Connection, banner: Banner) -> None:
    """Store a changed banner; those who dismissed the old text see the new one."""
    await connection.execute(update_row(_TABLE, _COLUMNS), *astuple(banner))
    await connection.execute("DELETE FROM banner_dismissals WHERE banner_id = $1", banner.id)


async def lock_banner(connection: Connection, banner_id: UUID) -> Banner:
    """Read a banner and keep others from changing it until the transaction ends.

    Raises:
        BannerNotFoundError: There is none of this id.
    """
    row = await connection.fetchrow("SELECT * FROM banners WHERE id = $1 FOR UPDATE", banner_id)
    if row is None:
        raise BannerNotFoundError("There is no such banner.", param="id")
    return Banner(**row)


async def delete_banner(connection: Connection, banner_id: UUID) -> None:
    """Delete a banner."""
    await connection.execute("DELETE FROM banners WHERE id = $1", banner_id)


async def list_banners(connection: Connection) -> list[Banner]:
    """All banners, the newest first."""
    return [Banner(**row) for row in await connection.fetch("SELECT * FROM banners ORDER BY created_at DESC, id")]


async def shown_banners(connection: Connection, user_id: str | None, moment: datetime) -> list[Banner]:
    """The banners that a person is to see at `moment`, the newest first; `user_id` None: somebody unknown."""
    rows = await connection.fetch(
        """
        SELECT * FROM banners b
        WHERE active AND (starts_at IS NULL OR starts_at <= $1) AND (ends_at IS NULL OR ends_at > $1)
          AND NOT (dismissible AND EXISTS
              (SELECT FROM banner_dismissals d WHERE d.banner_id = b.id AND d.user_id = $2))
        ORDER BY created_at DESC, id
        """,
        moment,
        user_id,
    )
    return [Banner(**row) for row in rows]


async def dismiss(connection: Connection, banner_id: UUID, user_id: str) -> None:
    """Note that a person has seen enough of a banner."""
    await connection.execute(
        "INSERT INTO banner_dismissals (banner_id, user_id) SELECT id, $2 FROM banners WHERE id = $1"
        " ON CONFLICT DO NOTHING",
        banner_id,
        user_id,
    )
