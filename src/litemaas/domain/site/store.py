"""SQL of what admins set for the whole site."""

from datetime import datetime
from typing import Any, TypeVar

import msgspec

from litemaas.domain.site.entities import Branding, BrandingImage, Currency, Defaults, EntryGroups
from litemaas.storage.postgres import Connection

Setting = TypeVar("Setting", Defaults, EntryGroups, Currency, Branding)


async def read_setting(connection: Connection, kind: type[Setting]) -> Setting:
    """The setting as it is; nobody having set it, its default."""
    value: Any = await connection.fetchval("SELECT value FROM site_settings WHERE name = $1", kind.setting)
    return kind() if value is None else msgspec.convert(value, kind)


async def write_setting(connection: Connection, setting: Setting, moment: datetime) -> None:
    """Replace a setting."""
    await connection.execute(
        "INSERT INTO site_settings (name, value, updated_at) VALUES ($1, $2, $3)"
        " ON CONFLICT (name) DO UPDATE SET value = $2, updated_at = $3",
        setting.setting,
        setting,
        moment,
    )


async def put_image(connection: Connection, image: BrandingImage) -> None:
    """Store a picture in the place of the one that is there."""
    await connection.execute(
        "INSERT INTO branding_images (kind, media_type, content, digest) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (kind) DO UPDATE SET media_type = $2, content = $3, digest = $4",
        image.kind,
        image.media_type,
        image.content,
        image.digest,
    )


async def delete_image(connection: Connection, kind: str) -> None:
    """Return to our own picture."""
    await connection.execute("DELETE FROM branding_images WHERE kind = $1", kind)


async def find_image(connection: Connection, kind: str) -> BrandingImage | None:
    """The picture of this kind."""
    row = await connection.fetchrow(
        "SELECT kind, media_type, content, digest FROM branding_images WHERE kind = $1", kind
    )
    return BrandingImage(**row) if row else None


async def image_digests(connection: Connection) -> dict[str, str]:
    """What is there, by kind."""
    return {row["kind"]: row["digest"] for row in await connection.fetch("SELECT kind, digest FROM branding_images")}
