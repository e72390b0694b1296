"""Brings notices through channels: which sender, with which secrets, and what becomes of it."""

import asyncio
import logging
import ssl
from datetime import UTC, datetime

import msgspec

from litemaas.domain.notices.entities import Channel, Kind, Notice, Secrets
from litemaas.domain.notices.outbox import claim_due, note_failed, note_sent
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
        self._ca_bundle = ca_bundle

    async def send(self, channel: Channel, notice: Notice) -> str | None:
        """Send a notice through a channel; returns why it did not go through, or None."""
        try:
            secrets = msgspec.json.decode(self._vault.open(channel.sealed).encode(), type=Secrets)
            async with asyncio.timeout(_SECONDS):
                return await asyncio.to_thread(self._send, channel, secrets, notice)
        except TimeoutError:
            return f"Nothing was heard within {_SECONDS:g} s."
        except (VaultError, msgspec.MsgspecError) as error:
            return str(error)

    def _send(self, channel: Channel, secrets: Secrets, notice: Notice) -> str | None:
        # Here, because it brings Python's mail library along, and most replicas never send anything.
        from litemaas.providers import notices  # noqa: PLC0415 - see above

        tls = ssl.create_default_context()
        if self._ca_bundle:
            tls.load_verify_locations(cafile=self._ca_bundle)
        message = notices.Message(
            id=notice.id,
            event=notice.event,
            subject=notice.subject,
            at=notice.at,
            text=notice.message,
            details=notice.details,
        )
        link_local, url, mail = channel.options.link_local, secrets.url or "", channel.options.mail
        try:
            match channel.kind:
                case Kind.WEBHOOK:
                    notices.send_to_webhook(url, secrets.signing_key or "", message, tls, link_local=link_local)
                case Kind.SLACK:
                    notices.send_to_slack(url, message, tls, link_local=link_local)
                case Kind.TEAMS:
                    notices.send_to_teams(url, message, tls, link_local=link_local)
                case Kind.EMAIL if mail is not None:
                    server = notices.MailServer(
                        host=mail.host,
                        port=mail.port,
                        security=mail.security,
                        username=mail.username,
                        password=secrets.password,
                    )
                    notices.send_mail(server, mail.sender, mail.recipients, message, tls, link_local=link_local)
        except notices.SendError as error:
            return str(error)
        return None


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
