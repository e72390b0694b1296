"""`/api/admin/banners`: what admins tell everybody; and dismissing it."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from litemaas.domain.announcements.entities import BannerStyle
from litemaas.portal.caller import Acting, Caller, ThePortal
from litemaas.portal.fields import Order, Text
from litemaas.portal.permissions import Permission
from litemaas.portal.routes.session import BannerView, banner_view
from litemaas.portal.routing import needs, portal_router

router = portal_router("banners")

_NO_CONTENT = 204
_MOST_LANGUAGES = 30


class BannerOrder(Order):
    """What can be said about a banner; absent: as it is."""

    content: Annotated[dict[str, Text], Field(max_length=_MOST_LANGUAGES)] | None = None
    style: BannerStyle | None = None
    dismissible: bool | None = None
    active: bool | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None

    def fields(self) -> dict[str, object]:
        """What was said."""
        return self.given(*BannerOrder.model_fields)


class Banners(BaseModel):
    """All banners, the newest first."""

    items: list[BannerView]


@router.get("/admin/banners", openapi_extra=needs(Permission.BANNERS_READ))
async def list_banners(portal: ThePortal) -> Banners:
    """All banners."""
    return Banners(items=[banner_view(one) for one in await portal.banners.all()])


@router.post("/admin/banners", openapi_extra=needs(Permission.BANNERS_WRITE))
async def create_banner(portal: ThePortal, actor: Acting, body: BannerOrder) -> BannerView:
    """Create a banner."""
    return banner_view(await portal.banners.create(actor, body.fields()))


@router.patch("/admin/banners/{banner_id}", openapi_extra=needs(Permission.BANNERS_WRITE))
async def change_banner(portal: ThePortal, actor: Acting, banner_id: UUID, body: BannerOrder) -> BannerView:
    """Change a banner; those who had dismissed it see it again."""
    return banner_view(await portal.banners.update(actor, banner_id, body.fields()))


@router.delete("/admin/banners/{banner_id}", status_code=_NO_CONTENT, openapi_extra=needs(Permission.BANNERS_WRITE))
async def delete_banner(portal: ThePortal, actor: Acting, banner_id: UUID) -> None:
    """Delete a banner."""
    await portal.banners.delete(actor, banner_id)


@router.post("/banners/{banner_id}/dismiss", status_code=_NO_CONTENT, openapi_extra=needs(Permission.OWN_WRITE))
async def dismiss(portal: ThePortal, caller: Caller, banner_id: UUID) -> None:
    """Show a banner to the caller no more, until it changes."""
    await portal.banners.dismiss(banner_id, caller.user_id)
