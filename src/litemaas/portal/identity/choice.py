"""Which identity providers the settings name, and whether they say enough of them.

This needs nothing but the settings, so that every process finds a mistake at its start, also one that will not show a
login page before somebody asks for it.
"""

from typing import NamedTuple

from litemaas.settings import LoginSettings, Secret, SettingsError

ANY = "any"
"""In LITEMAAS_GOOGLE_ALLOWED: every Google account there is."""

_VARIABLE = "LITEMAAS_OAUTH_PROVIDER"
_KNOWN = ("openshift", "google", "oidc")


class ChosenProvider(NamedTuple):
    """A provider to offer, and our name and secret there."""

    name: str
    client_id: str
    client_secret: Secret


def names(setting: str) -> list[str]:
    """The parts of a list that is separated by commas."""
    return [part.strip() for part in setting.split(",") if part.strip()]


def chosen_providers(settings: LoginSettings) -> list[ChosenProvider]:
    """The providers to offer, in the order of the setting.

    Raises:
        SettingsError: One is not known, or lacks what it needs.
    """
    return [_chosen(settings, position, name) for position, name in enumerate(names(settings.oauth_provider))]


def google_allowed(settings: LoginSettings) -> frozenset[str] | None:
    """Domains and addresses whose people may log in by Google, in lower case; None: everybody."""
    allowed = frozenset(name.lower() for name in names(settings.google_allowed))
    return None if allowed == {ANY} else allowed


def _chosen(settings: LoginSettings, position: int, name: str) -> ChosenProvider:
    if name not in _KNOWN:
        raise SettingsError(f"{_VARIABLE} must name openshift, google or oidc, not {name!r}.")
    client_id, client_secret = _own_credentials(settings, name)
    if position == 0:
        client_id, client_secret = client_id or settings.oauth_client_id, client_secret or settings.oauth_client_secret
    if not client_id or not client_secret:
        raise SettingsError(f"{_VARIABLE} names {name}, whose client id and secret are not set.")
    if name == "oidc" and not settings.oauth_issuer:
        raise SettingsError(f"{_VARIABLE} names oidc, whose LITEMAAS_OAUTH_ISSUER is not set.")
    if name == "google" and not names(settings.google_allowed):
        raise SettingsError(
            f"{_VARIABLE} names google, where everybody has an account: set LITEMAAS_GOOGLE_ALLOWED to the domains of "
            f"Google Workspace and the e-mail addresses that may log in, separated by commas, or to '{ANY}'."
        )
    return ChosenProvider(name, client_id, client_secret)


def _own_credentials(settings: LoginSettings, name: str) -> tuple[str, Secret]:
    if name == "google":
        return settings.google_client_id, settings.google_client_secret
    if name == "oidc":
        return settings.oidc_client_id, settings.oidc_client_secret
    return "", Secret("")
