"""Who may use the management API: the holder of the master key, and those of management keys within their scopes.

A virtual key may read itself, nothing else.
"""

from collections.abc import Collection
from hashlib import sha256
from hmac import compare_digest
from typing import Annotated, NamedTuple, cast

from fastapi import Depends, Request

from litemaas.bootstrap import Platform
from litemaas.domain.access.errors import RouteNotAllowedError
from litemaas.domain.audit.entities import Actor
from litemaas.domain.keys.errors import MissingKeyError
from litemaas.domain.keys.texts import hash_of
from litemaas.domain.management_keys.entities import Scope, covers
from litemaas.domain.management_keys.errors import ScopeMissingError
from litemaas.domain.management_keys.texts import is_management_key
from litemaas.domain.rights import Rights
from litemaas.gateway.http.authentication import key_text
from litemaas.gateway.management.scopes import scope_of

_MASTER_KEY = "master key"
_CHANGED_BY = "litellm-changed-by"
_LONGEST_NAME = 200
_STATE = "operator"


def platform_of(request: Request) -> Platform:
    """What the application was created with."""
    return cast("Platform", request.app.state.platform)


AnyPlatform = Annotated[Platform, Depends(platform_of)]


def caller_key(request: Request) -> str:
    """The key that the client sent.

    Raises:
        MissingKeyError: None.
    """
    text = key_text({name.lower(): value for name, value in request.headers.items()})
    if text is None:
        raise MissingKeyError("No API key was sent. Send it as 'Authorization: Bearer sk-…'.")
    return text


CallerKey = Annotated[str, Depends(caller_key)]


def holds_master_key(platform: Platform, text: str) -> bool:
    """Tell whether `text` is the master key, in a time that does not depend on how much of it is right."""
    master_key = platform.settings.access.master_key
    return bool(master_key) and compare_digest(text.encode(), master_key.encode())


def caller_rights(platform: AnyPlatform, text: CallerKey) -> Rights:
    """The rights of whoever calls.

    Raises:
        AuthenticationError: The key is unknown, expired or blocked.
        StaleSnapshotError: We have been cut off from the database for too long to tell.
    """
    return platform.admissions.rights(sha256(text.encode()).digest())


CallerRights = Annotated[Rights, Depends(caller_rights)]


def reads_itself(platform: Platform, text: str, name: str) -> bool:
    """Tell whether the caller's key is a virtual key that is named, by text or hash, by itself.

    Raises:
        AuthenticationError: The key is unknown, expired or blocked.
    """
    if is_management_key(text):
        return False
    key = caller_rights(platform, text).key
    return key is not None and hash_of(name) in {one.hex() for one in (key.digest, key.previous_digest) if one}


class Operator(NamedTuple):
    """Who calls, as the audit log has them, and what they may do."""

    actor: Actor
    scopes: Collection[Scope]

    def require(self, scope: Scope) -> None:
        """Refuse if the caller's key does not have the scope.

        Raises:
            ScopeMissingError: It has not.
        """
        if not covers(self.scopes, scope):
            raise ScopeMissingError(f"The {self.actor.name} needs the scope {scope} for this.")


async def operator(request: Request, platform: AnyPlatform, text: CallerKey) -> Operator:
    """Who calls, with the scope that the route needs; looked up once for each request.

    Raises:
        AuthenticationError: The key is unknown, expired, blocked or revoked.
        AccessDeniedError: It is a virtual key, or a management key without the scope.
    """
    if not hasattr(request.state, _STATE):
        setattr(request.state, _STATE, await _recognise(request, platform, text))
    found: Operator = getattr(request.state, _STATE)
    return found


async def _recognise(request: Request, platform: Platform, text: str) -> Operator:
    address = request.client.host if request.client else None
    behind = "".join(filter(str.isprintable, request.headers.get(_CHANGED_BY, "")))[:_LONGEST_NAME]
    if holds_master_key(platform, text):
        return Operator(Actor(behind or _MASTER_KEY, address), (Scope.ALL,))
    if is_management_key(text):
        key = await platform.management_keys.recognise(text)
        name = f"management key {key.name}"
        caller = Operator(Actor(f"{name} for {behind}" if behind else name, address), key.scopes)
        caller.require(scope_of(request.scope["route"].path_format))
        return caller
    caller_rights(platform, text)
    raise RouteNotAllowedError(
        "This needs the master key or a management key. A virtual key may call models and read itself on /key/info."
    )


CallingOperator = Annotated[Operator, Depends(operator)]


def administrator(caller: CallingOperator) -> Actor:
    """Who changes things, for the audit log: the key, and whom `litellm-changed-by` names."""
    return caller.actor


Administrator = Annotated[Actor, Depends(administrator)]

ADMINISTRATORS_ONLY = [Depends(operator)]
"""For routes that need not know who asks."""
