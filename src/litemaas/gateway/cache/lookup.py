"""Which requests are equal, for whom, and what their sender says about the cache."""

from hashlib import sha256

import msgspec

from litemaas.domain.rights import Rights
from litemaas.gateway.calls.interceptors import Call
from litemaas.gateway.endpoints.rows import CHAT, COMPLETIONS, EMBEDDINGS, MESSAGES, MODERATIONS, RERANK

_CACHED_PATHS = frozenset(one.path for one in (CHAT, COMPLETIONS, EMBEDDINGS, MESSAGES, MODERATIONS, RERANK))
"""Not `/responses`, whose answers the upstream keeps under ids; not bytes such as speech."""

_MAX_REQUEST_BYTES = 1024 * 1024
_decode = msgspec.json.decode
_encode = msgspec.json.Encoder(order="deterministic").encode


class Lookup(msgspec.Struct, frozen=True):
    """How a call uses the cache.

    Attributes:
        key: Of the answer.
        reads: An answer that is there may be given.
        seconds: How long an answer may be kept; 0: not at all.
    """

    key: str
    reads: bool
    seconds: int


def lookup_of(call: Call) -> Lookup | None:
    """How `call` uses the cache; None: not at all.

    `Cache-Control: no-store` keeps a call out of the cache, `no-cache` demands a new answer, which is kept (RFC 9111,
    5.2.1, as far as it concerns a cache of ours).
    """
    group = call.permit.model.group
    directives = {word.strip().lower() for word in call.headers.get("cache-control", "").split(",")}
    if group.cache_ttl is None or call.endpoint.path not in _CACHED_PATHS or "no-store" in directives:
        return None
    fields = call.request.fields
    if sum(len(bytes(value)) for value in fields.values()) > _MAX_REQUEST_BYTES:
        return None
    whose = "" if group.cache_shared else tenant_of(call.rights)
    served_by = sorted((one.deployment.id, str(one.deployment.updated_at)) for one in call.permit.model.targets)
    question = {name: _decode(value) for name, value in fields.items() if name != "model"}
    identity = (whose, call.endpoint.path, group.id, str(group.updated_at), served_by, question)
    return Lookup(sha256(_encode(identity)).hexdigest(), "no-cache" not in directives, group.cache_ttl)


def tenant_of(rights: Rights) -> str:
    """Who shares answers with the holder of a key: its team, else its user, else nobody but the key itself."""
    key = rights.key
    if key is None:
        return "master"
    if key.team_id:
        return f"team {key.team_id}"
    return f"user {key.user_id}" if key.user_id else f"key {key.id}"
