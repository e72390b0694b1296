"""The identity providers that the settings name."""

from collections.abc import Iterator

from litemaas.portal.identity.choice import chosen_providers
from litemaas.portal.identity.oidc import OpenIdProvider
from litemaas.portal.identity.openshift import OpenShift
from litemaas.portal.identity.provider import IdentityProvider
from litemaas.providers.upstream import Upstreams
from litemaas.settings import LoginSettings

_GOOGLE = "https://accounts.google.com"


def configured_providers(settings: LoginSettings, upstreams: Upstreams) -> dict[str, IdentityProvider]:
    """The providers to offer, by id, in the order of the setting.

    Raises:
        SettingsError: One is not known, or lacks what it needs.
    """
    return {provider.id: provider for provider in _providers(settings, upstreams)}


def _providers(settings: LoginSettings, upstreams: Upstreams) -> Iterator[IdentityProvider]:
    for name, client_id, client_secret in chosen_providers(settings):
        if name == "openshift":
            yield OpenShift(
                upstreams, api_url=settings.openshift_api_url, client_id=client_id, client_secret=client_secret
            )
        elif name == "google":
            yield OpenIdProvider(
                name, "Google", upstreams, issuer=_GOOGLE, client_id=client_id, client_secret=client_secret
            )
        else:
            yield OpenIdProvider(
                name,
                settings.oidc_title,
                upstreams,
                issuer=settings.oauth_issuer,
                client_id=client_id,
                client_secret=client_secret,
                groups_claim=settings.oidc_groups_claim,
            )
