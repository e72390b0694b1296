"""Where notices go: adding channels, trying them, taking them away."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
from msgspec import Struct

from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.notices import store
from litemaas.domain.notices.entities import Channel, Event, Kind, MailOptions, Notice, Options, Secrets
from litemaas.domain.notices.errors import ChannelRefusedError
from litemaas.domain.notices.outbox import Told, list_notices
from litemaas.domain.noticing.sending import Sender
from litemaas.settings import Secret
from litemaas.storage.postgres import Pool
from litemaas.storage.vault import Vault

_KIND = "notice channel"
_SIGNING_KEY_BYTES = 32
_SECURITIES = ("starttls", "tls", "none")
_ANNOUNCED = frozenset(Event) - {Event.TEST}


class ChannelOrder(Struct, frozen=True, kw_only=True):
    """A channel that somebody wants.

    Attributes:
        url: Of a webhook.
        events: What goes through it; None: everything.
        mail: For e-mail.
        password: Of the mail server.
        link_local: It may lead to link-local addresses.
    """

    name: str
    kind: Kind
    url: Secret | None = None
    events: list[str] | None = None
    mail: MailOptions | None = None
    password: Secret | None = None
    link_local: bool = False


class ChannelService:
    """Channels of notices."""

    def __init__(self, pool: Pool, vault: Vault, sender: Sender) -> None:
        self._pool = pool
        self._vault = vault
        self._sender = sender

    async def add(self, actor: Actor, order: ChannelOrder) -> tuple[Channel, Secret | None]:
        """Add a channel; returns it, and for a webhook the key that its messages are signed with, shown once.

        Raises:
            ChannelRefusedError: Nothing could be sent through it.
            ChannelExistsError: The name is taken.
        """
        place = _check(order)
        signing_key = secrets.token_urlsafe(_SIGNING_KEY_BYTES) if order.kind is Kind.WEBHOOK else None
        told = Secrets(url=_plain(order.url), signing_key=signing_key, password=_plain(order.password))
        channel = Channel(
            id=uuid4(),
            name=order.name,
            kind=order.kind,
            place=place,
            events=order.events,
            options=Options(link_local=order.link_local, mail=order.mail),
            sealed=self._vault.seal(msgspec.json.encode(told).decode()),
            created_at=datetime.now(UTC),
            created_by=actor.name,
        )
        async with self._pool.acquire() as connection, connection.transaction():
            await store.add_channel(connection, channel)
            await record(connection, actor, "add", _KIND, channel.name, after=_told(channel))
        return channel, Secret(signing_key) if signing_key else None

    async def test(self, actor: Actor, name: str) -> str | None:
        """Send a message through a channel, now and once; returns why it did not go through, or None.

        Raises:
            ChannelNotFoundError: There is none of this name.
        """
        async with self._pool.acquire() as connection:
            channel = await store.read_channel(connection, name)
            await record(connection, actor, "test", _KIND, name)
        notice = Notice(
            id=uuid4(),
            event=Event.TEST,
            subject=f"channel:{name}",
            occasion="",
            at=datetime.now(UTC),
            message=f"Notices of LiteMaaS arrive through the channel {name}",
        )
        return await self._sender.send(channel, notice)

    async def remove(self, actor: Actor, name: str) -> Channel:
        """Remove a channel; what waits for it is not sent any more.

        Raises:
            ChannelNotFoundError: There is none of this name.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            channel = await store.read_channel(connection, name)
            await store.delete_channel(connection, channel)
            await record(connection, actor, "remove", _KIND, name, before=_told(channel))
        return channel

    async def all(self) -> Sequence[Channel]:
        """All channels, by name."""
        async with self._pool.acquire() as connection:
            return await store.list_channels(connection)

    async def notices(self, limit: int) -> list[Told]:
        """The latest notices, each with how far it has come."""
        async with self._pool.acquire() as connection:
            return await list_notices(connection, limit)


def _check(order: ChannelOrder) -> str:
    """Refuse what nothing could be sent through; returns where it leads, without what is secret."""
    unknown = set(order.events or ()) - _ANNOUNCED
    if unknown:
        raise ChannelRefusedError(
            f"There is no event {', '.join(sorted(unknown))}; there are {', '.join(sorted(_ANNOUNCED))}.",
            param="events",
        )
    if order.events == []:
        raise ChannelRefusedError("Nothing would go through a channel without events.", param="events")
    return _check_mail(order) if order.kind is Kind.EMAIL else _check_url(order.url)


def _check_url(url: Secret | None) -> str:
    try:
        parts = urlsplit(url or "")
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise ChannelRefusedError("The URL is not one.", param="url") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ChannelRefusedError(
            "The URL must begin with https:// or http:// and name a host, without user and password.", param="url"
        )
    return f"{parts.scheme}://{parts.hostname}{port}"


def _check_mail(order: ChannelOrder) -> str:
    mail = order.mail
    if mail is None or not mail.host or not mail.sender or not mail.recipients:
        raise ChannelRefusedError("E-mail needs a server, a sender and at least one recipient.", param="mail")
    if mail.security not in _SECURITIES:
        raise ChannelRefusedError(f"security must be one of {', '.join(_SECURITIES)}.", param="mail.security")
    if mail.security == "none" and (mail.username or order.password):
        raise ChannelRefusedError("A password is not sent without TLS: use starttls or tls.", param="mail.security")
    if any(character in "".join((mail.sender, *mail.recipients)) for character in "\r\n,"):
        raise ChannelRefusedError("Each recipient is one address.", param="mail.recipients")
    return f"{', '.join(mail.recipients)} by {mail.host}:{mail.port}"


def _plain(secret: Secret | None) -> str | None:
    """Text that can be sealed; a `Secret` refuses to be written anywhere."""
    return None if secret is None else str(secret)


def _told(channel: Channel) -> dict[str, object]:
    return {"kind": channel.kind, "place": channel.place, "events": channel.events}
