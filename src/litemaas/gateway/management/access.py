"""Who may use the management API: the holder of the master key. A virtual key may read itself, nothing else."""

from hashlib import sha256
from hmac import compare_digest
from typing import Annotated, cast

from fastapi import Depends, Request

from litemaas.bootstrap import Platform
from litemaas.domain.access.errors import RouteNotAllowedError
from litemaas.domain.audit.entities import Actor
from litemaas.domain.keys.errors import MissingKeyError
from litemaas.domain.rights import Rights
from litemaas.gateway.authentication import key_text

_OPERATOR = "master key"
_CHANGED_BY = "litellm-changed-by"
_LONGEST_NAME = 200


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


def administrator(request: Request, platform: AnyPlatform, text: CallerKey) -> Actor:
    """Who changes things, for the audit log: `litellm-changed-by` if the client says so.

    Raises:
        AuthenticationError: The key is unknown, expired or blocked.
        AccessDeniedError: It is a virtual key.
    """
    address = request.client.host if request.client else None
    if holds_master_key(platform, text):
        name = "".join(filter(str.isprintable, request.headers.get(_CHANGED_BY, "")))[:_LONGEST_NAME]
        return Actor(name or _OPERATOR, address)
    caller_rights(platform, text)
    raise RouteNotAllowedError("This needs the master key. A virtual key may call models and read itself on /key/info.")


Administrator = Annotated[Actor, Depends(administrator)]

ADMINISTRATORS_ONLY = [Depends(administrator)]
"""For routes that need not know who asks."""
