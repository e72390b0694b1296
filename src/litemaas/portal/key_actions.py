"""What one's own keys and the keys of everyone have in common."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace
from pydantic import BaseModel

from litemaas.domain.administration.key_orders import KeyOrder
from litemaas.domain.audit.entities import Actor
from litemaas.domain.keys.entities import Key
from litemaas.domain.keys.listing import KeySearch
from litemaas.portal.key_fields import IssuedKey, KeyErrors, KeyItem, Rotation, key_errors, key_item, key_items
from litemaas.portal.paging import ListQuery, Page
from litemaas.portal.portal import Portal
from litemaas.portal.usage_fields import BreakdownRow, TrendPoint, breakdown_rows, span, trend_points

_ERROR_DAYS = 7
_MOST_ERRORS = 50
_MOST_MODELS = 50


class KeyUsage(BaseModel):
    """What was called with a key."""

    trend: list[TrendPoint]
    by_model: list[BreakdownRow]


async def page_of_keys(portal: Portal, listing: ListQuery, wanted: KeySearch) -> Page[KeyItem]:
    """One page of keys."""
    sort_by, descending = listing.order("-created_at")
    views, total = await portal.key_views.page(
        wanted, sort_by=sort_by, descending=descending, limit=listing.page_size, offset=listing.offset
    )
    return listing.of(await key_items(portal, views), total)


async def issued(portal: Portal, actor: Actor, order: KeyOrder, user_id: str | None) -> IssuedKey:
    """Issue a key for a user."""
    order = replace(order, fields={**order.fields, "user_id": user_id})
    detail, text = await portal.platform.keys.issue(actor, order)
    return IssuedKey(key=text, item=await key_item(portal, await portal.key_views.view(detail)))


async def rotated(portal: Portal, actor: Actor, key: Key, rotation: Rotation | None) -> IssuedKey:
    """Give a key another text."""
    grace_period = rotation.grace_period if rotation else None
    detail, text = await portal.platform.keys.rotate(actor, key.key_hash, KeyOrder(), grace_period=grace_period)
    return IssuedKey(key=text, item=await key_item(portal, await portal.key_views.view(detail)))


async def changed(portal: Portal, actor: Actor, key: Key, order: KeyOrder) -> KeyItem:
    """Change a key."""
    detail = await portal.platform.keys.update(actor, order, name=key.key_hash)
    return await key_item(portal, await portal.key_views.view(detail))


async def blocked(portal: Portal, actor: Actor, key: Key, *, block: bool) -> KeyItem:
    """Block a key, or unblock it."""
    detail = await portal.platform.keys.set_blocked(actor, key.key_hash, blocked=block)
    return await key_item(portal, await portal.key_views.view(detail))


async def usage_of_key(portal: Portal, key_id: UUID, since: date | None, until: date | None) -> KeyUsage:
    """What was called with a key, day by day and by model."""
    wanted = replace(span(since, until), keys=[str(key_id)])
    (series,) = await portal.usage.trend(wanted)
    slices, _ = await portal.usage.breakdown(wanted, "model", limit=_MOST_MODELS)
    return KeyUsage(trend=trend_points(series, wanted), by_model=breakdown_rows(slices))


async def errors_of_key(portal: Portal, key_id: UUID) -> KeyErrors:
    """What failed of late."""
    return KeyErrors(items=await key_errors(portal, _ERROR_DAYS, _MOST_ERRORS, key_id=key_id))


async def shown(portal: Portal, key_id: UUID) -> KeyItem:
    """A key, also one that was revoked."""
    return await key_item(portal, await portal.key_views.get(key_id))
