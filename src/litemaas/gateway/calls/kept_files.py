"""Files that a body names and an upstream keeps: each only for who uploaded it.

An upstream knows one account, ours; whatever anybody keeps there, it would show to anybody. So a call may name only
what its own caller keeps, and it must go to the deployment that has it.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from litemaas.domain.errors import UnavailableError
from litemaas.domain.rights import Rights
from litemaas.domain.serving import ServedModel
from litemaas.domain.upstream_objects.entities import UpstreamObject, owner_of
from litemaas.domain.upstream_objects.service import UpstreamObjects
from litemaas.gateway.calls.demands import Demands
from litemaas.gateway.errors import BadRequestError
from litemaas.storage.postgres import PASSING_ERRORS

_MARK, _BACKSLASH, _ESCAPE = b'"file_id', b"\\", b"\\u00"
_NOTES = "metadata"
"""The client's own words to itself, which no upstream looks anything up by."""
_decode = msgspec.json.Decoder(Any).decode
_encode = msgspec.json.Encoder().encode


def may_name_files(body: bytes) -> bool:
    """Tell whether it is worth a closer look; cheap, for it is asked of every call.

    A name's letters can be escaped; looking for the backslash first is a matter of speed, and so is `find`: `in` tries
    whether it was asked for a number first, by way of an exception.
    """
    return body.find(_MARK) >= 0 or (body.find(_BACKSLASH) >= 0 and body.find(_ESCAPE) >= 0)


def files_named(fields: dict[str, Raw]) -> list[str]:
    """The files that a body names anywhere, as chats, responses and messages do, by `file_id` or `file_ids`.

    A field that names one is written anew: of a member given twice the upstream gets the one that we have read.

    Raises:
        BadRequestError: A field cannot be read.
    """
    names = []
    for name, raw in tuple(fields.items()):
        if name == _NOTES or not (name.startswith("file_id") or may_name_files(bytes(raw))):
            continue
        try:
            value = _decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadRequestError(f"The field {name!r} cannot be read: {error}.", param=name) from error
        if found := list(_names_in({name: value})):
            names += found
            fields[name] = Raw(_encode(value))
    return names


async def bind_to_keeper(
    demands: Demands, names: list[str], rights: Rights, model: ServedModel, objects: UpstreamObjects
) -> Demands:
    """`demands` of a call that names files: it goes to the deployment that keeps them, and holds money for them.

    Raises:
        ObjectNotFoundError: Its caller did not upload one.
        BadRequestError: The model that it calls, or one deployment of it alone, does not keep them.
        UnavailableError: The database cannot be asked whose they are.
    """
    try:
        found = [await objects.find("file", name, owner(rights)) for name in dict.fromkeys(names)]
    except PASSING_ERRORS as error:
        raise UnavailableError("The database does not answer. Try again in a moment.") from error
    return replace(
        demands,
        deployment=keeper_of(found, model, demands.deployment),
        context_tokens=demands.context_tokens + sum(thing.tokens for thing in found),
    )


def keeper_of(found: list[UpstreamObject], model: ServedModel, bound_to: str | None = None) -> str | None:
    """The deployment that keeps all of `found`, and what the call is `bound_to` already; None: nothing is mentioned.

    Raises:
        BadRequestError: There is no such deployment, or it does not serve `model`.
    """
    keepers = {thing.deployment_id for thing in found} | ({bound_to} if bound_to else set())
    if len(keepers) > 1:
        raise BadRequestError("What the request mentions is kept by several deployments; it must be one.")
    if keepers and keepers.isdisjoint(target.deployment.id for target in model.targets):
        raise BadRequestError(f"What the request mentions was made by the model {found[0].model!r}: call that one.")
    return next(iter(keepers), None)


def owner(rights: Rights) -> str:
    """Who owns what is made with these rights."""
    key = rights.key
    return owner_of(None, None, None) if key is None else owner_of(key.user_id, key.team_id, key.id)


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value, however deep; what a model tells a client's own tool is not looked into."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            yield one
            told_a_tool = one.get("type") == "tool_use"
            left += [member for name, member in one.items() if not (told_a_tool and name == "input")]
        elif isinstance(one, list):
            left += one


def _names_in(value: Any) -> Iterator[str]:
    for one in objects_in(value):
        many = one.get("file_ids")
        for name in (one.get("file_id"), *(many if isinstance(many, list) else ())):
            if isinstance(name, str):
                yield name
