"""`/key/*`: issuing and managing virtual keys."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from msgspec.structs import asdict

from litemaas.domain.errors import InvalidInputError
from litemaas.domain.keys.errors import KeyNotFoundError
from litemaas.gateway.management.access import (
    ADMINISTRATORS_ONLY,
    Administrator,
    AnyPlatform,
    CallerKey,
    operator,
    reads_itself,
)
from litemaas.gateway.management.key_requests import (
    DeleteKeys,
    GenerateKey,
    KeyQuery,
    NameKey,
    NameKeys,
    RegenerateKey,
    ResetSpend,
    UpdateKey,
)
from litemaas.gateway.management.key_rows import IssuedKeyRow, KeyRow, issued_key_row, key_row
from litemaas.gateway.management.paging import page_count
from litemaas.gateway.management.rendering import answers, render
from litemaas.gateway.management.routing import ManagementRoute

router = APIRouter(tags=["keys"], route_class=ManagementRoute)


@router.post("/key/generate", responses=answers(IssuedKeyRow))
@router.post("/key/service-account/generate", responses=answers(IssuedKeyRow))
async def generate_key(platform: AnyPlatform, actor: Administrator, body: GenerateKey | None = None) -> Response:
    """Issue a virtual key. Its text is shown in this answer and never again."""
    body = body or GenerateKey()
    detail, text = await platform.keys.issue(actor, body.order(body.key))
    return render(issued_key_row(detail, text))


@router.post("/key/update")
async def update_key(platform: AnyPlatform, actor: Administrator, body: UpdateKey) -> Response:
    """Change a key, named by `key` or, without one, by `key_alias`; absent fields stay, null clears."""
    if body.key is None and body.key_alias is None:
        raise InvalidInputError("Name the key, or its key_alias.", param="key")
    alias = body.key_alias if body.key is None else None
    detail = await platform.keys.update(actor, body.order(), name=body.key, alias=alias)
    return render({"key": body.key or detail.key.key_hash, **asdict(key_row(detail, with_token=True))})


@router.post("/key/delete")
async def delete_keys(platform: AnyPlatform, actor: Administrator, body: DeleteKeys) -> Response:
    """Delete keys: all that are named or, if one is not there, none."""
    if not body.keys and not body.key_aliases:
        raise InvalidInputError("Name keys or key_aliases.", param="keys")
    await platform.keys.delete(actor, names=body.keys, aliases=body.key_aliases)
    return render({"deleted_keys": body.keys or body.key_aliases})


@router.post("/key/block", responses=answers(KeyRow))
async def block_key(platform: AnyPlatform, actor: Administrator, body: NameKey) -> Response:
    """Refuse a key from now on, until it is unblocked."""
    return render(key_row(await platform.keys.set_blocked(actor, body.key, blocked=True), with_token=True))


@router.post("/key/unblock", responses=answers(KeyRow))
async def unblock_key(platform: AnyPlatform, actor: Administrator, body: NameKey) -> Response:
    """Accept a blocked key again."""
    return render(key_row(await platform.keys.set_blocked(actor, body.key, blocked=False), with_token=True))


@router.post("/key/regenerate", responses=answers(IssuedKeyRow))
async def regenerate_key(platform: AnyPlatform, actor: Administrator, body: RegenerateKey) -> Response:
    """Give a key another text; the old one may stay valid for a grace period."""
    if body.key is None:
        raise InvalidInputError("Name the key.", param="key")
    return await _regenerate(platform, actor, body.key, body)


@router.post("/key/{key:path}/regenerate", responses=answers(IssuedKeyRow))
async def regenerate_named_key(
    platform: AnyPlatform, actor: Administrator, key: str, body: RegenerateKey | None = None
) -> Response:
    """Give a key another text; the old one may stay valid for a grace period."""
    return await _regenerate(platform, actor, key, body or RegenerateKey())


@router.post("/key/{key:path}/reset_spend", responses=answers(KeyRow))
async def reset_spend(platform: AnyPlatform, actor: Administrator, key: str, body: ResetSpend) -> Response:
    """Set what counts as spent in the current window; the ledger stays as it is."""
    if body.reset_to is None:
        raise InvalidInputError("Say what to reset the spend to.", param="reset_to")
    return render(key_row(await platform.keys.reset_spend(actor, key, body.reset_to), with_token=True))


@router.get("/key/info")
async def key_info(request: Request, platform: AnyPlatform, text: CallerKey, key: str | None = None) -> Response:
    """A key; without `key` the one that calls. A virtual key may read itself, and no other."""
    name = text if key is None else key
    if not reads_itself(platform, text, name):
        await operator(request, platform, text)
    return render({"key": name, "info": key_row(await platform.keys.get(name))})


@router.post("/v2/key/info", dependencies=ADMINISTRATORS_ONLY)
async def keys_info(platform: AnyPlatform, body: NameKeys) -> Response:
    """Several keys; those that are not there are left out."""
    found = []
    for name in dict.fromkeys(body.keys):
        try:
            found.append(key_row(await platform.keys.get(name), with_token=True))
        except KeyNotFoundError:
            continue
    return render({"key": body.keys, "info": found})


@router.get("/key/list", dependencies=ADMINISTRATORS_ONLY)
async def list_keys(platform: AnyPlatform, query: Annotated[KeyQuery, Query()]) -> Response:
    """One page of keys: their hashes, or all about them."""
    details, total = await platform.keys.page(
        query.filter(),
        sort_by=query.sort_by,
        descending=query.sort_order == "desc",
        limit=query.size,
        offset=(query.page - 1) * query.size,
    )
    keys: list[Any] = [
        key_row(detail, with_token=True) if query.return_full_object else detail.key.key_hash for detail in details
    ]
    pages = page_count(total, query.size)
    return render({"keys": keys, "total_count": total, "current_page": query.page, "total_pages": pages})


@router.get("/key/aliases", dependencies=ADMINISTRATORS_ONLY)
async def key_aliases(platform: AnyPlatform) -> Response:
    """The aliases of all keys."""
    return render({"aliases": await platform.keys.aliases()})


async def _regenerate(platform: AnyPlatform, actor: Administrator, name: str, body: RegenerateKey) -> Response:
    detail, text = await platform.keys.rotate(actor, name, body.order(body.new_key), grace_period=body.grace_period)
    return render(issued_key_row(detail, text))
