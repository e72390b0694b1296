"""`/notice_channel/*` and `/notice/list`: where notices go, and which there were."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from msgspec import Struct
from pydantic import Field

from litemaas.domain.administration.notice_channels import ChannelOrder
from litemaas.domain.notices.entities import Channel, Delivery, Event, Kind, MailOptions
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, Administrator, AnyPlatform
from litemaas.gateway.management.fields import ManagementRequest, Name, OptionalText
from litemaas.gateway.management.rendering import answers, render
from litemaas.gateway.management.routing import ManagementRoute
from litemaas.settings import Secret

router = APIRouter(tags=["notices"], route_class=ManagementRoute)

_LONGEST_URL = 2000


class MailFields(ManagementRequest):
    """How e-mail is sent."""

    host: Name
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Name = Field(default="starttls", description="starttls, tls, or none, which sends no password")
    username: OptionalText = None
    password: OptionalText = None
    sender: Name
    recipients: list[Name]


class NewChannel(ManagementRequest):
    """Body of `/notice_channel/new`."""

    name: Name
    kind: Kind
    url: Annotated[str, Field(max_length=_LONGEST_URL)] | None = Field(default=None, description="Of the webhook")
    mail: MailFields | None = None
    events: list[Event] | None = Field(default=None, description="What goes through it; left out: everything")
    link_local: bool = Field(default=False, description="Let it lead to link-local and metadata addresses")

    def order(self) -> ChannelOrder:
        """The channel that is wanted."""
        mail = self.mail
        return ChannelOrder(
            name=self.name,
            kind=self.kind,
            url=Secret(self.url) if self.url else None,
            events=None if self.events is None else [str(event) for event in self.events],
            mail=MailOptions(
                host=mail.host,
                port=mail.port,
                security=mail.security,
                username=mail.username,
                sender=mail.sender,
                recipients=mail.recipients,
            )
            if mail
            else None,
            password=Secret(mail.password) if mail and mail.password else None,
            link_local=self.link_local,
        )


class NameChannel(ManagementRequest):
    """Body of `/notice_channel/test` and `/notice_channel/delete`."""

    name: Name


class ChannelRow(Struct, kw_only=True):
    """A channel; never its address or password."""

    id: UUID
    name: str
    kind: Kind
    place: str
    events: list[str] | None
    link_local: bool
    created_at: datetime
    created_by: str | None


class Channels(Struct):
    """Answer of `/notice_channel/list`."""

    channels: list[ChannelRow]


class NewChannelRow(Struct):
    """A channel, and the key that its messages are signed with, which is shown here and never again."""

    channel: ChannelRow
    signing_key: str | None


class NoticeRow(Struct, kw_only=True):
    """A notice and how far it has come."""

    id: UUID
    event: str
    subject: str
    at: datetime
    message: str
    details: dict[str, Any]
    deliveries: list[Delivery]


class Notices(Struct):
    """Answer of `/notice/list`."""

    notices: list[NoticeRow]


class Sent(Struct):
    """Answer of `/notice_channel/test`."""

    sent: bool
    error: str | None


@router.post("/notice_channel/new", responses=answers(NewChannelRow))
async def new_channel(platform: AnyPlatform, actor: Administrator, body: NewChannel) -> Response:
    """Add a channel; that of a webhook comes with a key for its signatures, which is shown once."""
    channel, signing_key = await platform.channels.add(actor, body.order())
    return render(NewChannelRow(_row(channel), str(signing_key) if signing_key else None))


@router.get("/notice_channel/list", dependencies=ADMINISTRATORS_ONLY, responses=answers(Channels))
async def list_channels(platform: AnyPlatform) -> Response:
    """All channels."""
    return render(Channels([_row(channel) for channel in await platform.channels.all()]))


@router.post("/notice_channel/test", responses=answers(Sent))
async def test_channel(platform: AnyPlatform, actor: Administrator, body: NameChannel) -> Response:
    """Send a message through a channel now, and tell what became of it."""
    error = await platform.channels.test(actor, body.name)
    return render(Sent(error is None, error))


@router.post("/notice_channel/delete", responses=answers(ChannelRow))
async def delete_channel(platform: AnyPlatform, actor: Administrator, body: NameChannel) -> Response:
    """Remove a channel, with what waits for it."""
    return render(_row(await platform.channels.remove(actor, body.name)))


@router.get("/notice/list", dependencies=ADMINISTRATORS_ONLY, responses=answers(Notices))
async def list_notices(platform: AnyPlatform, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Response:
    """The latest notices first, each with what became of it on each channel."""
    rows = [
        NoticeRow(
            id=told.notice.id,
            event=told.notice.event,
            subject=told.notice.subject,
            at=told.notice.at,
            message=told.notice.message,
            details=told.notice.details,
            deliveries=told.deliveries,
        )
        for told in await platform.channels.notices(limit)
    ]
    return render(Notices(rows))


def _row(channel: Channel) -> ChannelRow:
    return ChannelRow(
        id=channel.id,
        name=channel.name,
        kind=channel.kind,
        place=channel.place,
        events=channel.events,
        link_local=channel.options.link_local,
        created_at=channel.created_at,
        created_by=channel.created_by,
    )
