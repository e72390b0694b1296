"""Everything that the portal's routes work with, put together once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response

from litemaas.bootstrap import Platform
from litemaas.domain.administration.banners import BannerService
from litemaas.domain.administration.key_views import KeyViews
from litemaas.domain.administration.logins import LoginService
from litemaas.domain.administration.requests import AccessRequestService
from litemaas.domain.administration.self_service import OwnKeyRules
from litemaas.domain.administration.site import SiteService
from litemaas.domain.audit.search import AuditSearch
from litemaas.domain.sessions.roles import EntryRules
from litemaas.domain.sessions.service import SessionService
from litemaas.domain.spend.calls import CallReports
from litemaas.domain.spend.usage import UsageReports
from litemaas.portal.hosts import Hosts
from litemaas.portal.identity.choice import google_allowed, names
from litemaas.portal.identity.configured import configured_providers
from litemaas.portal.identity.provider import IdentityProvider
from litemaas.portal.model_health import ModelHealth
from litemaas.portal.signing import Signer
from litemaas.settings import LoginSettings

Playground = Callable[[str, Request], Awaitable[Response]]
"""Answers a chat request with the rights of the user of this id; the gateway's part."""


@dataclass(kw_only=True)
class Portal:
    """The portal's parts."""

    platform: Platform
    playground: Playground
    hosts: Hosts
    signer: Signer
    providers: dict[str, IdentityProvider]
    sessions: SessionService
    logins: LoginService
    site: SiteService
    banners: BannerService
    requests: AccessRequestService
    key_views: KeyViews
    own_keys: OwnKeyRules
    usage: UsageReports
    calls: CallReports
    audit: AuditSearch
    health: ModelHealth


def open_portal(platform: Platform, playground: Playground) -> Portal:
    """Put the portal together over what `bootstrap` has opened.

    Raises:
        SettingsError: An identity provider is not set up right.
    """
    settings, pool = platform.settings, platform.pool
    sessions = SessionService(pool, settings.portal)
    calls = CallReports(pool)
    return Portal(
        platform=platform,
        playground=playground,
        hosts=Hosts(settings.portal),
        signer=Signer(settings.portal.session_key or settings.access.salt_key),
        providers=configured_providers(settings.login, platform.upstreams),
        sessions=sessions,
        logins=LoginService(pool, sessions, _entry_rules(settings.login)),
        site=platform.site,
        banners=platform.banners,
        requests=platform.requests,
        key_views=KeyViews(pool),
        own_keys=OwnKeyRules(pool),
        usage=UsageReports(pool),
        calls=calls,
        audit=platform.audit,
        health=ModelHealth(calls, platform.health_checks),
    )


def portal_of(app: FastAPI) -> Portal:
    """The portal that was added to an application."""
    portal: Portal = app.state.portal
    return portal


def _entry_rules(settings: LoginSettings) -> EntryRules:
    return EntryRules(
        admin_groups=frozenset(names(settings.admin_groups)),
        admin_readonly_groups=frozenset(names(settings.admin_readonly_groups)),
        user_groups=frozenset(names(settings.user_groups)),
        google_allowed=google_allowed(settings),
        lab_user=settings.lab_user or None,
    )
