"""`/api/keys`: one's own virtual keys, and those of the teams that one administers."""

from datetime import date
from uuid import UUID

from litemaas.domain.administration.key_orders import KeyOrder
from litemaas.domain.administration.self_service import bounded, check_model_budgets
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.keys.entities import Key
from litemaas.domain.keys.errors import KeyNotFoundError
from litemaas.domain.keys.listing import KeySearch, KeyState
from litemaas.domain.sessions.entities import LoggedIn
from litemaas.domain.sessions.errors import RoleNotAllowedError
from litemaas.domain.site.entities import Defaults
from litemaas.portal import key_actions
from litemaas.portal.caller import Acting, Caller, ThePortal
from litemaas.portal.key_fields import IssuedKey, KeyChange, KeyErrors, KeyItem, NewKey, Rotation
from litemaas.portal.paging import Listing, Page
from litemaas.portal.permissions import Permission
from litemaas.portal.portal import Portal
from litemaas.portal.routing import needs, portal_router
from litemaas.portal.team_rules import administers, check_administers

router = portal_router("keys")

_NO_CONTENT = 204


@router.get("/keys", openapi_extra=needs(Permission.OWN_READ))
async def list_keys(
    portal: ThePortal,
    caller: Caller,
    listing: Listing,
    team_id: str | None = None,
    model: str | None = None,
    state: KeyState | None = None,
) -> Page[KeyItem]:
    """One's own keys, or those of a team that one administers."""
    if team_id is not None:
        await check_administers(portal, team_id, caller)
    user_id = caller.user_id if team_id is None else None
    wanted = KeySearch(user_id=user_id, team_id=team_id, model=model, search=listing.search, state=state)
    return await key_actions.page_of_keys(portal, listing, wanted)


@router.post("/keys", openapi_extra=needs(Permission.OWN_WRITE))
async def issue_key(portal: ThePortal, caller: Caller, actor: Acting, body: NewKey) -> IssuedKey:
    """Issue a key for oneself, within what admins allow; its text is shown in this answer and never again."""
    if body.team_id is not None:
        await check_administers(portal, body.team_id, caller)
    terms = await portal.site.read(Defaults)
    most = terms.key_maximums.keys_per_user
    if most is not None and await portal.key_views.count(caller.user_id) >= most:
        raise InvalidInputError(f"You may have {most} keys. Revoke one that you no longer need.")
    order = _within(body.order("team_id"), terms, new=True)
    return await key_actions.issued(portal, actor, order, caller.user_id)


@router.get("/keys/{key_id}", openapi_extra=needs(Permission.OWN_READ))
async def read_key(portal: ThePortal, caller: Caller, key_id: UUID) -> KeyItem:
    """One key."""
    await _own(portal, caller, key_id)
    return await key_actions.shown(portal, key_id)


@router.patch("/keys/{key_id}", openapi_extra=needs(Permission.OWN_WRITE))
async def change_key(portal: ThePortal, caller: Caller, actor: Acting, key_id: UUID, body: KeyChange) -> KeyItem:
    """Change a key; its terms only if nobody else set them, and within what admins allow.

    Those of a team's key are the team admins' to change, also if it is one's own.
    """
    key = await _own(portal, caller, key_id)
    order = body.order()
    if body.model_fields_set - {"alias"}:
        if key.team_id:
            await check_administers(portal, key.team_id, caller)
        await portal.own_keys.check_terms(key_id, caller.user_id)
        order = _within(order, await portal.site.read(Defaults), new=False)
    return await key_actions.changed(portal, actor, key, order)


@router.delete("/keys/{key_id}", status_code=_NO_CONTENT, openapi_extra=needs(Permission.OWN_WRITE))
async def revoke_key(portal: ThePortal, caller: Caller, actor: Acting, key_id: UUID) -> None:
    """Revoke a key for good."""
    key = await _own(portal, caller, key_id)
    await portal.platform.keys.delete(actor, names=[key.key_hash])


@router.post("/keys/{key_id}/rotate", openapi_extra=needs(Permission.OWN_WRITE))
async def rotate_key(
    portal: ThePortal, caller: Caller, actor: Acting, key_id: UUID, body: Rotation | None = None
) -> IssuedKey:
    """Give a key another text; the old one may stay valid for a while.

    Who has it calls as its user, whose stored files and answers it opens: team admins may revoke it, not take it over.
    """
    key = await _own(portal, caller, key_id)
    if key.user_id not in {None, caller.user_id}:
        raise RoleNotAllowedError("Only its own user may give this key another text. Block or revoke it instead.")
    return await key_actions.rotated(portal, actor, key, body)


@router.post("/keys/{key_id}/block", openapi_extra=needs(Permission.OWN_WRITE))
async def block_key(portal: ThePortal, caller: Caller, actor: Acting, key_id: UUID) -> KeyItem:
    """Refuse a key until it is unblocked."""
    return await key_actions.blocked(portal, actor, await _own(portal, caller, key_id), block=True)


@router.post("/keys/{key_id}/unblock", openapi_extra=needs(Permission.OWN_WRITE))
async def unblock_key(portal: ThePortal, caller: Caller, actor: Acting, key_id: UUID) -> KeyItem:
    """Accept a key again that one blocked oneself."""
    key = await _own(portal, caller, key_id)
    await portal.own_keys.check_unblock(key_id, caller.user_id)
    return await key_actions.blocked(portal, actor, key, block=False)


@router.get("/keys/{key_id}/usage", openapi_extra=needs(Permission.OWN_READ))
async def key_usage(
    portal: ThePortal, caller: Caller, key_id: UUID, since: date | None = None, until: date | None = None
) -> key_actions.KeyUsage:
    """What was called with a key."""
    await _own(portal, caller, key_id)
    return await key_actions.usage_of_key(portal, key_id, since, until)


@router.get("/keys/{key_id}/errors", openapi_extra=needs(Permission.OWN_READ))
async def key_errors(portal: ThePortal, caller: Caller, key_id: UUID) -> KeyErrors:
    """What failed of late."""
    await _own(portal, caller, key_id)
    return await key_actions.errors_of_key(portal, key_id)


def _within(order: KeyOrder, terms: Defaults, *, new: bool) -> KeyOrder:
    order = bounded(order, terms, new=new)
    check_model_budgets(order, terms)
    return order


async def _own(portal: Portal, caller: LoggedIn, key_id: UUID) -> Key:
    """The key, if it is the caller's; of others it is not told whether they are there."""
    key = await portal.key_views.find(key_id)
    if key.user_id != caller.user_id and not (key.team_id and await administers(portal, key.team_id, caller)):
        raise KeyNotFoundError("There is no such key.", param="id")
    return key
