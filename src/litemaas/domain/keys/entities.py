"""What a virtual key is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct


class Key(Struct, frozen=True, kw_only=True):
    """A virtual key as stored; its text is known only to its holder.

    Attributes:
        key_hash: SHA-256 of the key's text, in hexadecimal (LiteLLM's `token`).
        key_hint: The text's last four characters.
        previous_hash: After a rotation with overlap, the hash that is accepted until `previous_expires_at`.
        models: Grants: public names, `openai/<id>` names, access groups, patterns, `all-team-models`,
            `all-proxy-models`.
            Empty grants nothing.
        aliases: Names this key may use for a model, to the model's name.
        allowed_routes: Path prefixes the key may call; empty: every inference route.
        uses_cache: May be answered from the response cache of a model that has one.
    """

    id: UUID
    key_hash: str
    key_hint: str
    previous_hash: str | None = None
    previous_expires_at: datetime | None = None
    alias: str | None = None
    user_id: str | None = None
    team_id: str | None = None
    models: list[str]
    aliases: dict[str, str] = {}
    rpm_limit: int | None = None
    tpm_limit: int | None = None
    max_parallel_requests: int | None = None
    model_rpm_limit: dict[str, int] = {}
    model_tpm_limit: dict[str, int] = {}
    allowed_routes: list[str] = []
    uses_cache: bool = True
    blocked: bool = False
    expires_at: datetime | None = None
    metadata: dict[str, Any] = {}
    rotation_count: int = 0
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    deleted_at: datetime | None = None
    deleted_by: str | None = None


class IssuedKey(Struct, frozen=True):
    """The part of a key that admission needs, as kept in memory for every key there is.

    Attributes:
        id: None: it stands for a user who is logged in, see `session_key`.
        digest: SHA-256 of the key's text.
        previous_digest: After a rotation with overlap, the one that is accepted until `previous_expires_at`.
    """

    id: UUID | None
    digest: bytes
    previous_digest: bytes | None
    previous_expires_at: datetime | None
    user_id: str | None
    team_id: str | None
    models: tuple[str, ...]
    aliases: dict[str, str]
    rpm_limit: int | None
    tpm_limit: int | None
    max_parallel_requests: int | None
    model_rpm_limit: dict[str, int]
    model_tpm_limit: dict[str, int]
    allowed_routes: tuple[str, ...]
    blocked: bool
    expires_at: datetime | None
    labels: dict[str, str] | None
    uses_cache: bool = True


_SESSION = b"session of "


def session_digest(user_id: str) -> bytes:
    """What stands for the digest of a key where a user who is logged in calls; no SHA-256 looks like it."""
    return _SESSION + user_id.encode()


def session_key(digest: bytes) -> IssuedKey | None:
    """A key with all rights of its user and no limit of its own, if `digest` is one of `session_digest`."""
    if not digest.startswith(_SESSION):
        return None
    user_id = digest.removeprefix(_SESSION).decode()
    return IssuedKey(
        id=None,
        digest=digest,
        previous_digest=None,
        previous_expires_at=None,
        user_id=user_id,
        team_id=None,
        models=("all-proxy-models",),
        aliases={},
        rpm_limit=None,
        tpm_limit=None,
        max_parallel_requests=None,
        model_rpm_limit={},
        model_tpm_limit={},
        allowed_routes=(),
        blocked=False,
        expires_at=None,
        labels=None,
    )


class KeyFilter(Struct, frozen=True, kw_only=True):
    """Which keys to list; None: all.

    Attributes:
        search: Part of the alias, the user's id or the team's id, or the whole hash.
        alias_part: Part of the alias.
        status: `active`, `expired`, `blocked` or `deleted`; None: all that are not deleted.
        created_by: Also the keys that this actor issued.
    """

    user_id: str | None = None
    team_id: str | None = None
    key_hash: str | None = None
    alias: str | None = None
    alias_part: str | None = None
    search: str | None = None
    status: str | None = None
    created_by: str | None = None
