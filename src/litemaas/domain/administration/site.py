"""Changing what holds for the whole site."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import asdict

from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.budgets.accounts import check_limits
from litemaas.domain.budgets.entities import Limits
from litemaas.domain.site import store
from litemaas.domain.site.entities import BrandingImage, Defaults
from litemaas.domain.site.errors import ImageNotFoundError
from litemaas.domain.site.images import check_image
from litemaas.domain.site.store import Setting
from litemaas.storage.postgres import Pool

_KIND = "setting"
_IMAGE = "branding_image"
_MONEY = Limits.__struct_fields__[1:]


class SiteService:
    """Settings that live in the database."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def read(self, kind: type[Setting]) -> Setting:
        """A setting as it is."""
        async with self._pool.acquire() as connection:
            return await store.read_setting(connection, kind)

    async def change(self, actor: Actor, setting: Setting) -> Setting:
        """Replace a setting.

        Raises:
            InvalidInputError: A limit could not be enforced.
        """
        if isinstance(setting, Defaults):
            for name in ("user", "key_defaults", "key_maximums"):
                terms = getattr(setting, name)
                check_limits(Limits(**{money: getattr(terms, money) for money in _MONEY}), prefix=f"{name}.")
        async with self._pool.acquire() as connection, connection.transaction():
            before = await store.read_setting(connection, type(setting))
            await store.write_setting(connection, setting, datetime.now(UTC))
            told = {"before": asdict(before), "after": asdict(setting)}
            await record(connection, actor, "update", _KIND, setting.setting, **told)
        return setting

    async def put_image(self, actor: Actor, kind: str, content: bytes) -> BrandingImage:
        """Show another picture.

        Raises:
            ImageNotFoundError: There is no place for a picture of this kind.
            ImageRefusedError: It is no PNG, JPEG, WebP or GIF, or too large.
        """
        image = check_image(kind, content)
        async with self._pool.acquire() as connection, connection.transaction():
            before = await store.find_image(connection, kind)
            await store.put_image(connection, image)
            await record(connection, actor, "update", _IMAGE, kind, before=_told(before), after=_told(image))
        return image

    async def delete_image(self, actor: Actor, kind: str) -> None:
        """Show our own picture again.

        Raises:
            ImageNotFoundError: It is shown.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            before = await store.find_image(connection, kind)
            if before is None:
                raise ImageNotFoundError("There is no such picture.", param="kind")
            await store.delete_image(connection, kind)
            await record(connection, actor, "delete", _IMAGE, kind, before=_told(before))

    async def image(self, kind: str) -> BrandingImage:
        """The picture of this kind.

        Raises:
            ImageNotFoundError: There is none.
        """
        async with self._pool.acquire() as connection:
            image = await store.find_image(connection, kind)
        if image is None:
            raise ImageNotFoundError("There is no such picture.", param="kind")
        return image

    async def image_digests(self) -> dict[str, str]:
        """The pictures that there are: kind and what tells one content from another."""
        async with self._pool.acquire() as connection:
            return await store.image_digests(connection)


def _told(image: BrandingImage | None) -> dict[str, Any] | None:
    """A picture as the audit log has it."""
    if image is None:
        return None
    return {"media_type": image.media_type, "digest": image.digest, "bytes": len(image.content)}
