"""`/api/admin/settings`: branding, currency, defaults and login groups."""

from typing import Annotated, Any

from fastapi import Request
from pydantic import Field

from litemaas.domain.site.entities import (
    Branding,
    Currency,
    Defaults,
    EntryGroups,
    KeyMaximums,
    KeyTerms,
    UserDefaults,
)
from litemaas.domain.site.errors import ImageRefusedError
from litemaas.domain.site.images import MOST_BYTES
from litemaas.portal.caller import Acting, ThePortal
from litemaas.portal.fields import Limit, Money, Name, Order, Text
from litemaas.portal.permissions import Permission
from litemaas.portal.routes.session import BrandingView, branding_view
from litemaas.portal.routing import needs, portal_router

router = portal_router("admin: settings")

_NO_CONTENT = 204
_READ, _WRITE = needs(Permission.SETTINGS_READ), needs(Permission.SETTINGS_WRITE)

Amount = Annotated[Money, Field(ge=0, le=10**12, allow_inf_nan=False)]


class BrandingFields(Order):
    """What the login page says; null: our own words."""

    login_title: Annotated[Text, Field(max_length=200)] | None = None
    login_subtitle: Annotated[Text, Field(max_length=500)] | None = None


class CurrencyFields(Order):
    """The currency whose sign amounts carry (ISO 4217); nothing is converted."""

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]


class UserDefaultFields(Order):
    """What a person gets who logs in for the first time."""

    models: list[Name] = UserDefaults().models
    max_budget: Amount | None = None
    soft_budget: Amount | None = None
    budget_duration: Name | None = None
    rpm_limit: Limit | None = None
    tpm_limit: Limit | None = None
    max_parallel_requests: Limit | None = None


class KeyTermFields(Order):
    """Limits of a key; null: not said."""

    max_budget: Amount | None = None
    soft_budget: Amount | None = None
    budget_duration: Name | None = None
    rpm_limit: Limit | None = None
    tpm_limit: Limit | None = None
    max_parallel_requests: Limit | None = None
    duration: Name | None = None


class KeyMaximumFields(KeyTermFields):
    """The most that a person may ask for."""

    keys_per_user: Limit | None = None


class DefaultFields(Order):
    """For new people and the keys that they issue."""

    user: UserDefaultFields = UserDefaultFields()
    key_defaults: KeyTermFields = KeyTermFields()
    key_maximums: KeyMaximumFields = KeyMaximumFields()


class LoginFields(Order):
    """Groups that give a role, besides those of the environment."""

    admin_groups: list[Name] = Field(default_factory=list)
    admin_readonly_groups: list[Name] = Field(default_factory=list)
    user_groups: list[Name] = Field(default_factory=list)


@router.get("/admin/settings/branding", openapi_extra=_READ)
async def read_branding(portal: ThePortal) -> BrandingFields:
    """What the login page says."""
    branding = await portal.site.read(Branding)
    return BrandingFields(**{name: getattr(branding, name) for name in BrandingFields.model_fields})


@router.put("/admin/settings/branding", openapi_extra=_WRITE)
async def change_branding(portal: ThePortal, actor: Acting, body: BrandingFields) -> BrandingFields:
    """Change what the login page says."""
    await portal.site.change(actor, Branding(**body.model_dump()))
    return body


@router.put("/admin/settings/branding/images/{kind}", openapi_extra=_WRITE)
async def put_image(portal: ThePortal, actor: Acting, request: Request, kind: str) -> BrandingView:
    """Show another picture; the body is the picture itself: PNG, JPEG, WebP or GIF, up to 2 MiB."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > MOST_BYTES:
            raise ImageRefusedError("A picture may have 2 MiB.")
    await portal.site.put_image(actor, kind, bytes(content))
    return await branding_view(portal)


@router.delete("/admin/settings/branding/images/{kind}", status_code=_NO_CONTENT, openapi_extra=_WRITE)
async def delete_image(portal: ThePortal, actor: Acting, kind: str) -> None:
    """Show our own picture again."""
    await portal.site.delete_image(actor, kind)


@router.get("/admin/settings/currency", openapi_extra=_READ)
async def read_currency(portal: ThePortal) -> CurrencyFields:
    """The currency."""
    return CurrencyFields(currency=(await portal.site.read(Currency)).currency)


@router.put("/admin/settings/currency", openapi_extra=_WRITE)
async def change_currency(portal: ThePortal, actor: Acting, body: CurrencyFields) -> CurrencyFields:
    """Change the currency."""
    await portal.site.change(actor, Currency(currency=body.currency))
    return body


@router.get("/admin/settings/defaults", openapi_extra=_READ)
async def read_defaults(portal: ThePortal) -> DefaultFields:
    """What new people and new keys get."""
    return _default_fields(await portal.site.read(Defaults))


@router.put("/admin/settings/defaults", openapi_extra=_WRITE)
async def change_defaults(portal: ThePortal, actor: Acting, body: DefaultFields) -> DefaultFields:
    """Change what new people and new keys get."""
    defaults = Defaults(
        user=UserDefaults(**_values(body.user)),
        key_defaults=KeyTerms(**_values(body.key_defaults)),
        key_maximums=KeyMaximums(**_values(body.key_maximums)),
    )
    return _default_fields(await portal.site.change(actor, defaults))


@router.get("/admin/settings/login", openapi_extra=_READ)
async def read_login(portal: ThePortal) -> LoginFields:
    """Groups that give a role."""
    groups = await portal.site.read(EntryGroups)
    return LoginFields(**{name: getattr(groups, name) for name in LoginFields.model_fields})


@router.put("/admin/settings/login", openapi_extra=_WRITE)
async def change_login(portal: ThePortal, actor: Acting, body: LoginFields) -> LoginFields:
    """Change which groups give a role; it counts from the next login of each person on."""
    await portal.site.change(actor, EntryGroups(**_values(body)))
    return body


def _values(fields: Order) -> dict[str, Any]:
    return {name: getattr(fields, name) for name in type(fields).model_fields}


def _default_fields(defaults: Defaults) -> DefaultFields:
    def values(kind: type[Order], terms: object) -> dict[str, Any]:
        return {name: getattr(terms, name) for name in kind.model_fields}

    return DefaultFields(
        user=UserDefaultFields(**values(UserDefaultFields, defaults.user)),
        key_defaults=KeyTermFields(**values(KeyTermFields, defaults.key_defaults)),
        key_maximums=KeyMaximumFields(**values(KeyMaximumFields, defaults.key_maximums)),
    )
