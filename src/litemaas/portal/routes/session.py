"""`/api/session`: who is logged in, and what the page needs to know before anything else."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel

from litemaas import __version__
from litemaas.domain.announcements.entities import Banner, BannerStyle
from litemaas.domain.site.entities import IMAGE_KINDS, Branding, Currency
from litemaas.domain.users.entities import Role
from litemaas.portal.caller import MaybeCaller, ThePortal
from litemaas.portal.hosts import BROWSER_COOKIE, SESSION_COOKIE
from litemaas.portal.login_flow import new_browser_secret
from litemaas.portal.permissions import Permission
from litemaas.portal.portal import Portal
from litemaas.portal.routing import needs, portal_router

router = portal_router("session")

_IMAGE = "/api/branding/images/{kind}?v={digest}"
_A_YEAR = "public, max-age=31536000, immutable"


class SessionUser(BaseModel):
    """Who is logged in."""

    id: str
    name: str
    email: str | None
    role: Role
    is_lab_admin: bool


class LoginProvider(BaseModel):
    """A way to log in."""

    id: str
    title: str


class BannerView(BaseModel):
    """A banner."""

    id: UUID
    content: dict[str, str]
    style: BannerStyle
    dismissible: bool
    active: bool
    starts_at: datetime | None
    ends_at: datetime | None


class BrandingImages(BaseModel):
    """Addresses of the pictures that replace ours; null: ours is shown."""

    login_logo: str | None
    header_light: str | None
    header_dark: str | None


class BrandingView(BaseModel):
    """What the login page says and shows."""

    login_title: str | None
    login_subtitle: str | None
    images: BrandingImages


class SessionView(BaseModel):
    """The session and the site."""

    user: SessionUser | None
    csrf_token: str
    providers: list[LoginProvider]
    password_login: bool
    branding: BrandingView
    banners: list[BannerView]
    currency: str
    version: str
    public_url: str
    gateway_url: str


def banner_view(banner: Banner) -> BannerView:
    """A banner as the UI shows it."""
    return BannerView(**{name: getattr(banner, name) for name in BannerView.model_fields})


async def branding_view(portal: Portal) -> BrandingView:
    """The branding as the UI shows it."""
    branding = await portal.site.read(Branding)
    digests = await portal.site.image_digests()
    addresses = {kind: _IMAGE.format(kind=kind, digest=digest) for kind, digest in digests.items()}
    return BrandingView(
        login_title=branding.login_title,
        login_subtitle=branding.login_subtitle,
        images=BrandingImages(**{kind: addresses.get(kind) for kind in IMAGE_KINDS}),
    )


@router.get("/session", openapi_extra=needs(Permission.ENTER))
async def session(portal: ThePortal, request: Request, response: Response, caller: MaybeCaller) -> SessionView:
    """Who is logged in, and how one can; a browser that is new gets the cookie that its token is bound to."""
    secret = request.cookies.get(SESSION_COOKIE if caller else BROWSER_COOKIE)
    if secret is None:
        secret = new_browser_secret()
        portal.hosts.set_cookie(request, response, BROWSER_COOKIE, secret)
    base = portal.hosts.base_of(request) or str(request.base_url).rstrip("/")
    currency = await portal.site.read(Currency)
    user = None
    if caller is not None:
        user = SessionUser(
            id=caller.user_id,
            name=caller.name,
            email=caller.email,
            role=caller.role,
            is_lab_admin=caller.session.is_lab_admin,
        )
    return SessionView(
        user=user,
        csrf_token=portal.signer.csrf_token(secret),
        providers=[LoginProvider(id=one.id, title=one.title) for one in portal.providers.values()],
        password_login=bool(portal.platform.settings.access.admin_password),
        branding=await branding_view(portal),
        banners=[banner_view(one) for one in await portal.banners.shown_to(caller.user_id if caller else None)],
        currency=currency.currency,
        version=__version__,
        public_url=portal.hosts.public_url or base,
        gateway_url=f"{portal.hosts.public_url or base}/v1",
    )


@router.get("/branding/images/{kind}", response_class=Response, openapi_extra=needs(Permission.ENTER))
async def branding_image(portal: ThePortal, kind: str) -> Response:
    """A picture; its address changes with it."""
    image = await portal.site.image(kind)
    headers = {"cache-control": _A_YEAR, "content-security-policy": "sandbox"}
    return Response(image.content, media_type=image.media_type, headers=headers)


@router.get("/health/liveness", openapi_extra=needs(Permission.ENTER))
async def liveness() -> Literal["I'm alive!"]:
    """Answers while the process does."""
    return "I'm alive!"


@router.get("/health/readiness", openapi_extra=needs(Permission.ENTER))
async def readiness(portal: ThePortal) -> dict[str, str]:
    """Answers while the database does: without it nobody can log in."""
    async with portal.platform.pool.acquire() as connection:
        await connection.fetchval("SELECT 1")
    return {"status": "healthy"}
