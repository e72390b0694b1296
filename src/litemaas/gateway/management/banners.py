"""`/banner/*`: what administrators tell everybody who opens the portal."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from msgspec import Struct
from pydantic import AwareDatetime, Field

from litemaas.domain.announcements.entities import Banner, BannerStyle
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, Administrator, AnyPlatform
from litemaas.gateway.management.fields import ManagementRequest, Name
from litemaas.gateway.management.rendering import answers, render
from litemaas.gateway.management.routing import ManagementRoute

router = APIRouter(tags=["banners"], route_class=ManagementRoute)

_MOST_LANGUAGES = 30
_LONGEST_TEXT = 10_000

_BannerText = Annotated[str, Field(max_length=_LONGEST_TEXT)]


class NewBanner(ManagementRequest):
    """Body of `/banner/new`."""

    content: Annotated[dict[Name, _BannerText], Field(max_length=_MOST_LANGUAGES)] | None = Field(
        default=None, description="Text by language; `en` must be there"
    )
    style: BannerStyle | None = Field(default=None, description="Default: info")
    dismissible: bool | None = Field(default=None, description="Whether people may hide it; default: true")
    active: bool | None = Field(default=None, description="Default: false, nobody sees it")
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None

    def patch(self) -> dict[str, Any]:
        """What the client sent."""
        return self.given({name: name for name in NewBanner.model_fields})


class UpdateBanner(NewBanner):
    """Body of `/banner/update`: what is left out stays."""

    id: UUID


class NameBanner(ManagementRequest):
    """Body of `/banner/delete`."""

    id: UUID


class Banners(Struct):
    """Answer of `/banner/list`."""

    banners: list[Banner]


class DeletedBanner(Struct):
    """Answer of `/banner/delete`."""

    id: UUID


@router.get("/banner/list", dependencies=ADMINISTRATORS_ONLY, responses=answers(Banners))
async def list_banners(platform: AnyPlatform) -> Response:
    """All banners, the newest first, shown or not."""
    return render(Banners(await platform.banners.all()))


@router.post("/banner/new", responses=answers(Banner))
async def new_banner(platform: AnyPlatform, actor: Administrator, body: NewBanner) -> Response:
    """Create a banner; people see it while it is active."""
    return render(await platform.banners.create(actor, body.patch()))


@router.post("/banner/update", responses=answers(Banner))
async def update_banner(platform: AnyPlatform, actor: Administrator, body: UpdateBanner) -> Response:
    """Change a banner; those who had hidden it see it again."""
    return render(await platform.banners.update(actor, body.id, body.patch()))


@router.post("/banner/delete", responses=answers(DeletedBanner))
async def delete_banner(platform: AnyPlatform, actor: Administrator, body: NameBanner) -> Response:
    """Delete a banner."""
    await platform.banners.delete(actor, body.id)
    return render(DeletedBanner(body.id))
