"""The identity providers that the settings name."""

from collections.abc import Iterator

from litemaas.portal.identity.oidc import OpenIdProvider
from litemaas.portal.identity.openshift import OpenShift
from litemaas.portal.identity.provider import IdentityProvider
from litemaas.providers.upstream import Upstreams
from litemaas.settings import LoginSettings, Secret, SettingsError

_GOOGLE = "https://accounts.google.com"
_VARIABLE = "LITEMAAS_OAUTH_PROVIDER"


def names(setting: str) -> list[str]:
    """The parts of a list that is separated by commas."""
    return [part.strip() for part in setting.split(",") if part.strip()]


def configured_providers(settings: LoginSettings, upstreams: Upstreams) -> dict[str, IdentityProvider]:
    """The providers to offer, by id, in the order of the setting.

    Raises:
        SettingsError: One is not known, or lacks what it needs.
    """
    return {provider.id: provider for provider in _providers(settings, upstreams)}


def _providers(settings: LoginSettings, upstreams: Upstreams) -> Iterator[IdentityProvider]:
    for position, name in enumerate(names(settings.oauth_provider)):
        own_id, own_secret = _credentials(settings, name)
        client_id = own_id or (settings.oauth_client_id if position == 0 else "")
        client_secret = own_secret or (settings.oauth_client_secret if position == 0 else Secret(""))
        if not client_id or not client_secret:
            raise SettingsError(f"{_VARIABLE} names {name}, whose client id and secret are not set.")
        if name == "openshift":
            yield OpenShift(
                upstreams, api_url=settings.openshift_api_url, client_id=client_id, client_secret=client_secret
            )
        elif name == "google":
            yield OpenIdProvider(
                name, "Google", upstreams, issuer=_GOOGLE, client_id=client_id, client_secret=client_secret
            )
        elif name == "oidc":
            if not settings.oauth_issuer:
                raise SettingsError(f"{_VARIABLE} names oidc, whose LITEMAAS_OAUTH_ISSUER is not set.")
            yield OpenIdProvider(
                name,
                settings.oidc_title,
                upstreams,
                issuer=settings.oauth_issuer,
                client_id=client_id,
                client_secret=client_secret,
                groups_claim=settings.oidc_groups_claim,
            )
        else:
            raise SettingsError(f"{_VARIABLE} must name openshift, google or oidc, not {name!r}.")


def _credentials(settings: LoginSettings, name: str) -> tuple[str, Secret]:
    if name == "google":
        return settings.google_client_id, settings.google_client_secret
    if name == "oidc":
        return settings.oidc_client_id, settings.oidc_client_secret
    return "", Secret("")
