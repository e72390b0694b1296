"""Brings notices through channels: which sender, with which secrets, and what becomes of it."""

import asyncio
import logging
import ssl
from datetime import UTC, datetime

import msgspec

from litemaas.domain.notices.entities import Channel, Kind, Notice, Secrets
from litemaas.domain.notices.outbox import claim_due, note_failed, note_sent
from litemaas.providers.notices import (
    MailServer,
    Message,
    SendError,
    send_mail,
    send_to_slack,
    send_to_teams,
    send_to_webhook,
)
from litemaas.storage.postgres import Pool
from litemaas.storage.vault import Vault, VaultError

_SECONDS = 60.0
_AT_ONCE = 10

_log = logging.getLogger(__name__)


class Sender:
    """Sends through channels.

    Args:
        vault: Opens their secrets.
        ca_bundle: PEM file of authorities to trust beside the system's; empty: none.
    """

    def __init__(self, vault: Vault, ca_bundle: str = "") -> None:
        self._vault = vault
        self._tls = ssl.create_default_context()
        if ca_bundle:
            self._tls.load_verify_locations(cafile=ca_bundle)

    async def send(self, channel: Channel, notice: Notice) -> str | None:
        """Send a notice through a channel; returns why it did not go through, or None."""
        try:
            secrets = msgspec.json.decode(self._vault.open(channel.sealed).encode(), type=Secrets)
            async with asyncio.timeout(_SECONDS):
                await asyncio.to_thread(self._send, channel, secrets, _message(notice))
        except TimeoutError:
            return f"Nothing was heard within {_SECONDS:g} s."
        except (SendError, VaultError, msgspec.MsgspecError) as error:
            return str(error)
        return None

    def _send(self, channel: Channel, secrets: Secrets, message: Message) -> None:
        link_local, url = channel.options.link_local, secrets.url or ""
        mail = channel.options.mail
        match channel.kind:
            case Kind.WEBHOOK:
                send_to_webhook(url, secrets.signing_key or "", message, self._tls, link_local=link_local)
            case Kind.SLACK:
                send_to_slack(url, message, self._tls, link_local=link_local)
            case Kind.TEAMS:
                send_to_teams(url, message, self._tls, link_local=link_local)
            case Kind.EMAIL if mail is not None:
                server = MailServer(
                    host=mail.host,
                    port=mail.port,
                    security=mail.security,
                    username=mail.username,
                    password=secrets.password,
                )
                send_mail(server, mail.sender, mail.recipients, message, self._tls, link_local=link_local)


async def deliver_due(pool: Pool, sender: Sender) -> int:
    """Send what is due, each by whichever replica comes first; returns how many that were."""
    async with pool.acquire() as connection:
        due = await claim_due(connection, _AT_ONCE)
    errors = await asyncio.gather(*(sender.send(one.channel, one.notice) for one in due))
    for one, error in zip(due, errors, strict=True):
        async with pool.acquire() as connection:
            if error is None:
                await note_sent(connection, one)
            elif await note_failed(connection, one, error, datetime.now(UTC)):
                _log.error("a notice of %s is given up: %s says %s", one.notice.event, one.channel.name, error)
    return len(due)


def _message(notice: Notice) -> Message:
    return Message(
        id=notice.id,
        event=notice.event,
        subject=notice.subject,
        at=notice.at,
        text=notice.message,
        details=notice.details,
    )
