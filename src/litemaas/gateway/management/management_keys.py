"""`/management_key/*`: credentials of automation, so that the master key need not leave its place."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from msgspec import Struct
from pydantic import Field

from litemaas.domain.management_keys.entities import ManagementKey, Scope
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, Administrator, AnyPlatform
from litemaas.gateway.management.fields import ManagementRequest, Name, OptionalText
from litemaas.gateway.management.rendering import answers, render
from litemaas.gateway.management.routing import ManagementRoute

router = APIRouter(tags=["management keys"], route_class=ManagementRoute)


class IssueManagementKey(ManagementRequest):
    """Body of `/management_key/issue`."""

    name: Name
    scopes: list[Scope]
    duration: OptionalText = Field(default=None, description="Life from now on, e.g. 90d; null: until it is revoked")


class NameManagementKey(ManagementRequest):
    """Body of `/management_key/revoke`."""

    name: Name = Field(description="Its name or id")


class ManagementKeyRow(Struct, kw_only=True):
    """A management key; never its text."""

    id: UUID
    name: str
    scopes: list[Scope]
    ends_with: str
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime
    created_by: str


class ManagementKeys(Struct):
    """Answer of `/management_key/list`."""

    management_keys: list[ManagementKeyRow]


class IssuedManagementKey(Struct):
    """A management key with its text, which is shown here and never again."""

    key: str
    management_key: ManagementKeyRow


@router.post("/management_key/issue", responses=answers(IssuedManagementKey))
async def issue_management_key(platform: AnyPlatform, actor: Administrator, body: IssueManagementKey) -> Response:
    """Issue a management key. Its text is shown in this answer and never again."""
    key, text = await platform.management_keys.issue(actor, name=body.name, scopes=body.scopes, duration=body.duration)
    return render(IssuedManagementKey(str(text), _row(key)))


@router.get("/management_key/list", dependencies=ADMINISTRATORS_ONLY, responses=answers(ManagementKeys))
async def list_management_keys(platform: AnyPlatform) -> Response:
    """The management keys that are not revoked."""
    return render(ManagementKeys([_row(key) for key in await platform.management_keys.all()]))


@router.post("/management_key/revoke", responses=answers(ManagementKeyRow))
async def revoke_management_key(platform: AnyPlatform, actor: Administrator, body: NameManagementKey) -> Response:
    """Revoke a management key for good; the next call with it is refused, by any replica."""
    return render(_row(await platform.management_keys.revoke(actor, body.name)))


def _row(key: ManagementKey) -> ManagementKeyRow:
    return ManagementKeyRow(
        id=key.id,
        name=key.name,
        scopes=key.scopes,
        ends_with=key.key_hint,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        created_at=key.created_at,
        created_by=key.created_by,
    )
