"""`/settings/*`: branding, currency, login groups, and what new people and new keys get."""

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Response
from msgspec import Struct
from pydantic import Base64Bytes, Field

from litemaas.bootstrap import Platform
from litemaas.domain.management_keys.entities import Scope
from litemaas.domain.site.entities import Branding, Currency, Defaults, EntryGroups, UserDefaults
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, Administrator, AnyPlatform, CallingOperator
from litemaas.gateway.management.fields import LimitFields, ManagementRequest, Name, OptionalText, Text
from litemaas.gateway.management.rendering import answers, render
from litemaas.gateway.management.routing import ManagementRoute

router = APIRouter(tags=["settings"], route_class=ManagementRoute)

ImageKind = Literal["login_logo", "header_light", "header_dark"]


class BrandingFields(ManagementRequest):
    """What the login page says; null: our own words."""

    login_title: Annotated[Text, Field(max_length=200)] | None = None
    login_subtitle: Annotated[Text, Field(max_length=500)] | None = None


class UserDefaultFields(LimitFields):
    """What a person gets who logs in for the first time."""

    models: list[Name] = UserDefaults().models


class KeyTermFields(LimitFields):
    """Limits of a key that a person issues; null: not said."""

    duration: OptionalText = None


class KeyMaximumFields(KeyTermFields):
    """The most that a person may ask for."""

    keys_per_user: Annotated[int, Field(ge=0, le=2**62)] | None = None


class DefaultFields(ManagementRequest):
    """For new people and for the keys that they issue."""

    user: UserDefaultFields = UserDefaultFields()
    key_defaults: KeyTermFields = KeyTermFields()
    key_maximums: KeyMaximumFields = KeyMaximumFields()


class LoginFields(ManagementRequest):
    """Groups at the identity provider that give a role, besides those of the environment."""

    admin_groups: list[Name] = Field(default_factory=list)
    admin_readonly_groups: list[Name] = Field(default_factory=list)
    user_groups: list[Name] = Field(default_factory=list)


class UpdateSettings(ManagementRequest):
    """Body of `/settings/update`: a part that is given is replaced as a whole, one that is left out stays."""

    branding: BrandingFields | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = Field(
        default=None, description="ISO 4217; the sign of amounts, nothing is converted"
    )
    defaults: DefaultFields | None = None
    login: LoginFields | None = Field(default=None, description="Needs the scope roles:write too")


class PutImage(ManagementRequest):
    """Body of `/settings/image/put`."""

    kind: ImageKind
    content: Base64Bytes = Field(description="PNG, JPEG, WebP or GIF, up to 2 MiB, in Base64")


class NameImage(ManagementRequest):
    """Body of `/settings/image/delete`."""

    kind: ImageKind


class SiteSettings(Struct, kw_only=True):
    """What holds for the whole site; `images` are those that replace ours: kind and a digest of the content."""

    branding: Branding
    images: dict[str, str]
    currency: str
    defaults: Defaults
    login: EntryGroups


class ImageRow(Struct):
    """A picture of the branding; `digest` is null if ours is shown."""

    kind: str
    digest: str | None


@router.get("/settings/info", dependencies=ADMINISTRATORS_ONLY, responses=answers(SiteSettings))
async def settings_info(platform: AnyPlatform) -> Response:
    """The settings that live in the database."""
    return render(await _settings(platform))


@router.post("/settings/update", responses=answers(SiteSettings))
async def update_settings(platform: AnyPlatform, caller: CallingOperator, body: UpdateSettings) -> Response:
    """Change settings; login groups count from the next login of each person on."""
    actor, site = caller.actor, platform.site
    if body.login:
        caller.require(Scope.ROLES_WRITE)
    if body.defaults:  # the only part that can be refused still, and then nothing has changed
        await site.change(actor, msgspec.convert(body.defaults.model_dump(), Defaults))
    if body.login:
        await site.change(actor, EntryGroups(**body.login.model_dump()))
    if body.currency:
        await site.change(actor, Currency(currency=body.currency))
    if body.branding:
        await site.change(actor, Branding(**body.branding.model_dump()))
    return render(await _settings(platform))


@router.post("/settings/image/put", responses=answers(ImageRow))
async def put_image(platform: AnyPlatform, actor: Administrator, body: PutImage) -> Response:
    """Show another picture on the login page or in the header."""
    image = await platform.site.put_image(actor, body.kind, body.content)
    return render(ImageRow(image.kind, image.digest))


@router.post("/settings/image/delete", responses=answers(ImageRow))
async def delete_image(platform: AnyPlatform, actor: Administrator, body: NameImage) -> Response:
    """Show our own picture again."""
    await platform.site.delete_image(actor, body.kind)
    return render(ImageRow(body.kind, None))


async def _settings(platform: Platform) -> SiteSettings:
    return SiteSettings(
        branding=await platform.site.read(Branding),
        images=await platform.site.image_digests(),
        currency=(await platform.site.read(Currency)).currency,
        defaults=await platform.site.read(Defaults),
        login=await platform.site.read(EntryGroups),
    )
