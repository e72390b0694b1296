"""Putting up banners, changing them and taking them down."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import get_args
from uuid import UUID, uuid4

from msgspec.structs import asdict, replace

from litemaas.domain.administration.patches import Patch, apply_patch
from litemaas.domain.announcements import store
from litemaas.domain.announcements.entities import Banner, BannerStyle
from litemaas.domain.announcements.errors import BannerRefusedError
from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.storage.postgres import Pool

_KIND = "banner"
_REQUIRED_LANGUAGE = "en"


class BannerService:
    """Banners."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def create(self, actor: Actor, fields: Patch) -> Banner:
        """Create a banner.

        Raises:
            BannerRefusedError: The text or the style is missing, or it would end before it begins.
        """
        moment = datetime.now(UTC)
        blank = Banner(id=uuid4(), content={}, created_at=moment, updated_at=moment)
        banner = _checked(apply_patch(blank, fields))
        async with self._pool.acquire() as connection, connection.transaction():
            await store.add_banner(connection, banner)
            await record(connection, actor, "create", _KIND, banner.id, after=asdict(banner))
        return banner

    async def update(self, actor: Actor, banner_id: UUID, fields: Patch) -> Banner:
        """Change a banner; what is absent stays. Everybody sees it again, also those who had dismissed it.

        Raises:
            BannerNotFoundError: There is none of this id.
            BannerRefusedError: As for `create`.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            before = await store.lock_banner(connection, banner_id)
            banner = _checked(replace(apply_patch(before, fields), updated_at=datetime.now(UTC)))
            await store.save_banner(connection, banner)
            await record(connection, actor, "update", _KIND, banner_id, before=asdict(before), after=asdict(banner))
        return banner

    async def delete(self, actor: Actor, banner_id: UUID) -> None:
        """Delete a banner.

        Raises:
            BannerNotFoundError: There is none of this id.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            banner = await store.lock_banner(connection, banner_id)
            await store.delete_banner(connection, banner_id)
            await record(connection, actor, "delete", _KIND, banner_id, before=asdict(banner))

    async def all(self) -> list[Banner]:
        """All banners, the newest first."""
        async with self._pool.acquire() as connection:
            return await store.list_banners(connection)

    async def shown_to(self, user_id: str | None) -> list[Banner]:
        """The banners that a person is to see now; None: somebody unknown."""
        async with self._pool.acquire() as connection:
            return await store.shown_banners(connection, user_id, datetime.now(UTC))

    async def dismiss(self, banner_id: UUID, user_id: str) -> None:
        """Show a banner no more to this person, until it changes."""
        async with self._pool.acquire() as connection:
            await store.dismiss(connection, banner_id, user_id)


def _checked(banner: Banner) -> Banner:
    content: Mapping[str, str] = banner.content
    if not content.get(_REQUIRED_LANGUAGE, "").strip():
        raise BannerRefusedError("A banner needs an English text.", param="content.en")
    if banner.style not in get_args(BannerStyle):
        raise BannerRefusedError(f"style must be one of {', '.join(get_args(BannerStyle))}.", param="style")
    if banner.starts_at and banner.ends_at and banner.ends_at <= banner.starts_at:
        raise BannerRefusedError("A banner must end after it begins.", param="ends_at")
    return banner
