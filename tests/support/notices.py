"""What a replica has of notices, with the means to look at them."""

from dataclasses import dataclass

from litemaas.domain.administration.notice_channels import ChannelOrder, ChannelService
from litemaas.domain.audit.entities import Actor
from litemaas.domain.notices.entities import Channel, Kind
from litemaas.domain.noticing.sending import Sender
from litemaas.settings import Secret
from litemaas.storage.postgres import Pool

OPERATOR = Actor("operator")


@dataclass
class Notifier:
    """What a replica has of notices.

    Attributes:
        signing_keys: Of the channels that were added, by name.
    """

    pool: Pool
    sender: Sender
    channels: ChannelService
    signing_keys: dict[str, str]

    async def add(self, name: str, kind: Kind, url: str, **fields: object) -> Channel:
        channel, key = await self.channels.add(OPERATOR, ChannelOrder(name=name, kind=kind, url=Secret(url), **fields))
        self.signing_keys[name] = key or ""
        return channel

    async def deliveries(self) -> dict[str, list[tuple[str, int]]]:
        """State and attempts of each delivery, by event."""
        told: dict[str, list[tuple[str, int]]] = {}
        for notice, deliveries in await self.channels.notices(100):
            told.setdefault(notice.event, []).extend((one.state, one.attempts) for one in deliveries)
        return told
