"""What is noticed, and the channels that it goes through."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct


class Event(StrEnum):
    """What there are notices of."""

    BUDGET_SOFT = "budget_soft_reached"
    BUDGET_EXHAUSTED = "budget_exhausted"
    KEY_EXPIRING = "key_expiring"
    KEY_EXPIRED = "key_expired"
    DEPLOYMENT_UNHEALTHY = "deployment_unhealthy"
    DEPLOYMENT_HEALTHY = "deployment_healthy"
    JOURNAL_NEAR_BOUND = "journal_near_bound"
    DATABASE_AWAY = "database_away"
    TEST = "test"


class Kind(StrEnum):
    """What a channel speaks."""

    WEBHOOK = "webhook"
    SLACK = "slack"
    TEAMS = "teams"
    EMAIL = "email"


class Occurrence(Struct, frozen=True, kw_only=True):
    """Something that happened, as whoever sees it tells it.

    Attributes:
        subject: What it happened to, e.g. `key:<id>`.
        occasion: Tells this time from the next: event, subject and occasion together are noticed once.
        message: For people; one sentence without a full stop.
        details: For programs.
    """

    event: Event
    subject: str
    occasion: str
    message: str
    details: dict[str, Any] = {}


class Notice(Struct, frozen=True, kw_only=True):
    """An occurrence that was noticed."""

    id: UUID
    event: str
    subject: str
    occasion: str
    at: datetime
    message: str
    details: dict[str, Any] = {}


class MailOptions(Struct, frozen=True, kw_only=True):
    """How a mail server is spoken to.

    Attributes:
        security: `starttls`, `tls` from the first byte, or `none`, which sends no password.
    """

    host: str
    port: int = 587
    security: str = "starttls"
    username: str | None = None
    sender: str
    recipients: list[str]


class Options(Struct, frozen=True, kw_only=True):
    """What of a channel is no secret.

    Attributes:
        link_local: It may lead to link-local addresses, where clouds keep their metadata.
    """

    link_local: bool = False
    mail: MailOptions | None = None


class Secrets(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of a channel is sealed: webhook addresses carry their right to be called."""

    url: str | None = None
    signing_key: str | None = None
    password: str | None = None


class Channel(Struct, frozen=True, kw_only=True):
    """Where notices go.

    Attributes:
        place: Where it leads, without anything secret.
        events: What goes through it; None: everything.
        sealed: `Secrets` as JSON, encrypted.
    """

    id: UUID
    name: str
    kind: Kind
    place: str
    events: list[str] | None = None
    options: Options = Options()
    sealed: bytes
    created_at: datetime
    created_by: str | None = None


class Delivery(Struct, frozen=True, kw_only=True):
    """How far a notice has come on one channel; `dead` after a day of failures."""

    channel: str
    state: str
    attempts: int
    last_error: str | None
    sent_at: datetime | None
