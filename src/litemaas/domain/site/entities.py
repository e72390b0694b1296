"""The settings that live in the database, each group one row."""

from decimal import Decimal
from typing import ClassVar

from msgspec import Struct, field

from litemaas.domain.access.grants import ALL_OPEN_MODELS


class UserDefaults(Struct, frozen=True, kw_only=True):
    """What a person gets who logs in for the first time."""

    models: list[str] = field(default_factory=lambda: [ALL_OPEN_MODELS])
    max_budget: Decimal | None = None
    soft_budget: Decimal | None = None
    budget_duration: str | None = None
    rpm_limit: int | None = None
    tpm_limit: int | None = None
    max_parallel_requests: int | None = None


class KeyTerms(Struct, frozen=True, kw_only=True):
    """Limits of a key that a person issues for themselves; None: not said."""

    max_budget: Decimal | None = None
    soft_budget: Decimal | None = None
    budget_duration: str | None = None
    rpm_limit: int | None = None
    tpm_limit: int | None = None
    max_parallel_requests: int | None = None
    duration: str | None = None


class KeyMaximums(KeyTerms, frozen=True, kw_only=True):
    """The most that a person may ask for; where there is a maximum, a key has that limit.

    A maximum of money goes with the period that it is meant for: keys then have that period.
    """

    keys_per_user: int | None = None


class Defaults(Struct, frozen=True, kw_only=True):
    """For new people and for the keys that they issue."""

    setting: ClassVar[str] = "defaults"

    user: UserDefaults = UserDefaults()
    key_defaults: KeyTerms = KeyTerms()
    key_maximums: KeyMaximums = KeyMaximums()


class EntryGroups(Struct, frozen=True, kw_only=True):
    """Groups at the identity provider that give a role, besides those of the environment."""

    setting: ClassVar[str] = "login"

    admin_groups: list[str] = []
    admin_readonly_groups: list[str] = []
    user_groups: list[str] = []


class Currency(Struct, frozen=True, kw_only=True):
    """The currency whose sign amounts carry; nothing is converted."""

    setting: ClassVar[str] = "currency"

    currency: str = "USD"


class Branding(Struct, frozen=True, kw_only=True):
    """What the login page says."""

    setting: ClassVar[str] = "branding"

    login_title: str | None = None
    login_subtitle: str | None = None


class BrandingImage(Struct, frozen=True):
    """A picture that replaces one of ours."""

    kind: str
    media_type: str
    content: bytes
    digest: str


IMAGE_KINDS = ("login_logo", "header_light", "header_dark")
