"""`/api/admin/keys`: the virtual keys of everyone."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec.structs import replace
from pydantic import Field

from litemaas.domain.administration.key_orders import KeyOrder
from litemaas.domain.audit.entities import Actor
from litemaas.domain.errors import LiteMaaSError
from litemaas.domain.keys.listing import KeySearch, KeyState
from litemaas.portal import key_actions
from litemaas.portal.caller import Acting, ThePortal
from litemaas.portal.fields import BulkOutcome, ItemResult, Labels, Name, Order, with_labels
from litemaas.portal.key_fields import IssuedKey, KeyChange, KeyErrors, KeyItem, NewKey, Rotation
from litemaas.portal.paging import Listing, Page
from litemaas.portal.permissions import Permission
from litemaas.portal.portal import Portal
from litemaas.portal.routing import needs, portal_router

router = portal_router("admin: keys")

_NO_CONTENT = 204
_MOST_AT_ONCE = 500
_OWNERS = ("user_id", "team_id")


class NewKeyFor(NewKey):
    """A key to be issued for somebody; the user is created if there is none of this id."""

    user_id: Name | None = None
    labels: Labels | None = None


class KeyChangeByAdmin(KeyChange):
    """What admins can say about a key besides: whose it is, and whose cost centre pays for it."""

    user_id: Name | None = None
    team_id: Name | None = None
    labels: Labels | None = None


class KeysAction(Order):
    """The same for many keys."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=_MOST_AT_ONCE)]
    action: Literal["block", "unblock", "revoke"]


@router.get("/admin/keys", openapi_extra=needs(Permission.KEYS_READ))
async def list_keys(
    portal: ThePortal,
    listing: Listing,
    user_id: str | None = None,
    team_id: str | None = None,
    model: str | None = None,
    state: KeyState | None = None,
) -> Page[KeyItem]:
    """The keys of everyone."""
    wanted = KeySearch(user_id=user_id, team_id=team_id, model=model, search=listing.search, state=state)
    return await key_actions.page_of_keys(portal, listing, wanted)


@router.post("/admin/keys", openapi_extra=needs(Permission.KEYS_WRITE))
async def issue_key(portal: ThePortal, actor: Acting, body: NewKeyFor) -> IssuedKey:
    """Issue a key for somebody; its text is shown in this answer and never again."""
    order = _labelled(body.order("team_id"), body, {})
    return await key_actions.issued(portal, actor, order, body.user_id)


@router.post("/admin/keys/bulk", openapi_extra=needs(Permission.KEYS_WRITE))
async def change_keys(portal: ThePortal, actor: Acting, body: KeysAction) -> BulkOutcome:
    """Block, unblock or revoke keys, each by itself."""
    results = []
    for one in dict.fromkeys(body.ids):
        try:
            await _apply(portal, actor, one, body.action)
        except LiteMaaSError as error:
            results.append(ItemResult(id=str(one), ok=False, error=error.message))
        else:
            results.append(ItemResult(id=str(one), ok=True, error=None))
    return BulkOutcome(results=results)


@router.get("/admin/keys/{key_id}", openapi_extra=needs(Permission.KEYS_READ))
async def read_key(portal: ThePortal, key_id: UUID) -> KeyItem:
    """One key."""
    return await key_actions.shown(portal, key_id)


@router.patch("/admin/keys/{key_id}", openapi_extra=needs(Permission.KEYS_WRITE))
async def change_key(portal: ThePortal, actor: Acting, key_id: UUID, body: KeyChangeByAdmin) -> KeyItem:
    """Change a key."""
    key = await portal.key_views.find(key_id)
    return await key_actions.changed(portal, actor, key, _labelled(body.order(*_OWNERS), body, key.metadata))


@router.delete("/admin/keys/{key_id}", status_code=_NO_CONTENT, openapi_extra=needs(Permission.KEYS_WRITE))
async def revoke_key(portal: ThePortal, actor: Acting, key_id: UUID) -> None:
    """Revoke a key for good."""
    await _apply(portal, actor, key_id, "revoke")


@router.post("/admin/keys/{key_id}/rotate", openapi_extra=needs(Permission.KEYS_WRITE))
async def rotate_key(portal: ThePortal, actor: Acting, key_id: UUID, body: Rotation | None = None) -> IssuedKey:
    """Give a key another text; the old one may stay valid for a while."""
    return await key_actions.rotated(portal, actor, await portal.key_views.find(key_id), body)


@router.post("/admin/keys/{key_id}/block", openapi_extra=needs(Permission.KEYS_WRITE))
async def block_key(portal: ThePortal, actor: Acting, key_id: UUID) -> KeyItem:
    """Refuse a key until it is unblocked."""
    return await key_actions.blocked(portal, actor, await portal.key_views.find(key_id), block=True)


@router.post("/admin/keys/{key_id}/unblock", openapi_extra=needs(Permission.KEYS_WRITE))
async def unblock_key(portal: ThePortal, actor: Acting, key_id: UUID) -> KeyItem:
    """Accept a key again."""
    return await key_actions.blocked(portal, actor, await portal.key_views.find(key_id), block=False)


@router.get("/admin/keys/{key_id}/usage", openapi_extra=needs(Permission.KEYS_READ))
async def key_usage(
    portal: ThePortal, key_id: UUID, since: date | None = None, until: date | None = None
) -> key_actions.KeyUsage:
    """What was called with a key."""
    return await key_actions.usage_of_key(portal, key_id, since, until)


@router.get("/admin/keys/{key_id}/errors", openapi_extra=needs(Permission.KEYS_READ))
async def key_errors(portal: ThePortal, key_id: UUID) -> KeyErrors:
    """What failed of late."""
    return await key_actions.errors_of_key(portal, key_id)


def _labelled(order: KeyOrder, body: NewKeyFor | KeyChangeByAdmin, metadata: Mapping[str, Any]) -> KeyOrder:
    if "labels" not in body.model_fields_set:
        return order
    return replace(order, fields={**order.fields, "metadata": with_labels(metadata, body.labels)})


async def _apply(portal: Portal, actor: Actor, key_id: UUID, action: str) -> None:
    key = await portal.key_views.find(key_id)
    if action == "revoke":
        await portal.platform.keys.delete(actor, names=[key.key_hash])
    else:
        await portal.platform.keys.set_blocked(actor, key.key_hash, blocked=action == "block")
