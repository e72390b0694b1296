"""`/api/admin/management-keys`: credentials of automation, by their scopes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from litemaas.domain.management_keys.entities import ManagementKey, Scope
from litemaas.portal.caller import Acting, ThePortal
from litemaas.portal.fields import Name, Order
from litemaas.portal.permissions import Permission
from litemaas.portal.routing import needs, portal_router

router = portal_router("admin: management keys")

_NO_CONTENT = 204


class ManagementKeyView(BaseModel):
    """A management key; its text is never shown again."""

    id: UUID
    name: str
    hint: str
    scopes: list[Scope]
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime
    created_by: str


class ManagementKeys(BaseModel):
    """The management keys that are not revoked, by name."""

    items: list[ManagementKeyView]


class NewManagementKey(Order):
    """A management key to be issued."""

    name: Name
    scopes: Annotated[list[Scope], Field(min_length=1)]
    duration: Name | None = Field(default=None, description="Life from now on, e.g. 90d; null: until it is revoked")


class IssuedManagementKey(BaseModel):
    """A management key with its text, which is shown this once."""

    key: str
    item: ManagementKeyView


@router.get("/admin/management-keys", openapi_extra=needs(Permission.MANAGEMENT_KEYS_READ))
async def list_management_keys(portal: ThePortal) -> ManagementKeys:
    """The management keys, expired ones too."""
    return ManagementKeys(items=[_view(key) for key in await portal.platform.management_keys.all()])


@router.post("/admin/management-keys", openapi_extra=needs(Permission.MANAGEMENT_KEYS_WRITE))
async def issue_management_key(portal: ThePortal, actor: Acting, body: NewManagementKey) -> IssuedManagementKey:
    """Issue a management key; its text is shown in this answer and never again."""
    key, text = await portal.platform.management_keys.issue(
        actor, name=body.name, scopes=body.scopes, duration=body.duration
    )
    return IssuedManagementKey(key=text, item=_view(key))


@router.delete(
    "/admin/management-keys/{key_id}",
    status_code=_NO_CONTENT,
    openapi_extra=needs(Permission.MANAGEMENT_KEYS_WRITE),
)
async def revoke_management_key(portal: ThePortal, actor: Acting, key_id: UUID) -> None:
    """Revoke a management key for good; the next call with it is refused, by every replica."""
    await portal.platform.management_keys.revoke(actor, str(key_id))


def _view(key: ManagementKey) -> ManagementKeyView:
    return ManagementKeyView(
        id=key.id,
        name=key.name,
        hint=key.key_hint,
        scopes=key.scopes,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        created_at=key.created_at,
        created_by=key.created_by,
    )
