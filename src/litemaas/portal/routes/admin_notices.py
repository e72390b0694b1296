"""`/api/admin/notice-channels` and `/api/admin/notices`: where notices go, and which there were."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from litemaas.domain.administration.notice_channels import ChannelOrder
from litemaas.domain.notices.entities import Channel, Event, Kind, MailOptions
from litemaas.domain.notices.outbox import Told
from litemaas.portal.caller import Acting, ThePortal
from litemaas.portal.fields import Name, Order
from litemaas.portal.permissions import Permission
from litemaas.portal.routing import needs, portal_router
from litemaas.settings import Secret

router = portal_router("admin: notices")

_NO_CONTENT = 204
_MOST_NOTICES = 100

Security = Literal["starttls", "tls", "none"]
Address = Annotated[str, Field(min_length=1, max_length=2000)]
State = Literal["waiting", "sent", "dead"]


class MailOrder(Order):
    """How e-mail is sent."""

    host: Name
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    security: Security = "starttls"
    username: Name | None = None
    password: Name | None = None
    sender: Name
    recipients: Annotated[list[Name], Field(min_length=1)]


class NewChannel(Order):
    """A channel to be added: `url` for all kinds but e-mail, `mail` for that."""

    name: Name
    kind: Kind
    url: Address | None = None
    mail: MailOrder | None = None
    events: list[Event] | None = Field(default=None, description="What goes through it; null: everything")
    link_local: bool = Field(default=False, description="It may lead to link-local and metadata addresses")

    def channel_order(self) -> ChannelOrder:
        """What the domain is to do."""
        mail = self.mail
        options = {name: getattr(mail, name) for name in MailOptions.__struct_fields__} if mail else None
        return ChannelOrder(
            name=self.name,
            kind=self.kind,
            url=Secret(self.url) if self.url else None,
            events=None if self.events is None else list(self.events),
            mail=MailOptions(**options) if options else None,
            password=Secret(mail.password) if mail and mail.password else None,
            link_local=self.link_local,
        )


class ChannelView(BaseModel):
    """A channel; of its address and password nothing that is secret."""

    id: UUID
    name: str
    kind: Kind
    place: str
    events: list[Event] | None
    created_at: datetime
    created_by: str | None


class Channels(BaseModel):
    """All channels, by name."""

    items: list[ChannelView]


class AddedChannel(BaseModel):
    """A channel, and for a webhook the key that its messages are signed with, which is shown this once."""

    item: ChannelView
    signing_key: str | None


class Sent(BaseModel):
    """Whether a message went through, and if not, why."""

    ok: bool
    error: str | None


class DeliveryView(BaseModel):
    """How far a notice has come on one channel; `dead`: given up after a day."""

    channel: str
    state: State
    attempts: int
    last_error: str | None
    sent_at: datetime | None


class NoticeView(BaseModel):
    """A notice and how far it has come."""

    id: UUID
    event: Event
    at: datetime
    message: str
    deliveries: list[DeliveryView]


class Notices(BaseModel):
    """The latest notices first."""

    items: list[NoticeView]


@router.get("/admin/notice-channels", openapi_extra=needs(Permission.NOTICES_READ))
async def list_channels(portal: ThePortal) -> Channels:
    """Where notices go."""
    return Channels(items=[_view(channel) for channel in await portal.platform.channels.all()])


@router.post("/admin/notice-channels", openapi_extra=needs(Permission.NOTICES_WRITE))
async def add_channel(portal: ThePortal, actor: Acting, body: NewChannel) -> AddedChannel:
    """Add a channel; the key for a webhook's signatures is shown in this answer and never again."""
    channel, signing_key = await portal.platform.channels.add(actor, body.channel_order())
    return AddedChannel(item=_view(channel), signing_key=signing_key)


@router.post("/admin/notice-channels/{name:path}/test", openapi_extra=needs(Permission.NOTICES_WRITE))
async def test_channel(portal: ThePortal, actor: Acting, name: str) -> Sent:
    """Send a message through a channel, now and once."""
    error = await portal.platform.channels.test(actor, name)
    return Sent(ok=error is None, error=error)


@router.delete(
    "/admin/notice-channels/{name:path}", status_code=_NO_CONTENT, openapi_extra=needs(Permission.NOTICES_WRITE)
)
async def remove_channel(portal: ThePortal, actor: Acting, name: str) -> None:
    """Remove a channel, with what waits for it."""
    await portal.platform.channels.remove(actor, name)


@router.get("/admin/notices", openapi_extra=needs(Permission.NOTICES_READ))
async def list_notices(portal: ThePortal) -> Notices:
    """What people were told of late, and whether it arrived."""
    return Notices(items=[_notice(told) for told in await portal.platform.channels.notices(_MOST_NOTICES)])


def _view(channel: Channel) -> ChannelView:
    return ChannelView.model_validate({name: getattr(channel, name) for name in ChannelView.model_fields})


def _notice(told: Told) -> NoticeView:
    notice = told.notice
    deliveries = [{name: getattr(one, name) for name in DeliveryView.model_fields} for one in told.deliveries]
    return NoticeView.model_validate(
        {
            "id": notice.id,
            "event": notice.event,
            "at": notice.at,
            "message": notice.message,
            "deliveries": deliveries,
        }
    )
