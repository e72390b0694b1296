"""What a body mentions that its upstream keeps: responses and files, each only for who made it.

An upstream knows one account, ours; whatever anybody made there, it would show to anybody. So a call may mention only
what its own caller made, and it must go to the deployment that keeps it.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from litemaas.domain.errors import UnavailableError
from litemaas.domain.rights import Rights
from litemaas.domain.serving import ServedModel
from litemaas.domain.upstream_objects.entities import Kind, UpstreamObject
from litemaas.domain.upstream_objects.service import UpstreamObjects
from litemaas.gateway.calls.demands import Demands
from litemaas.gateway.dialect_routes.keeping import owner
from litemaas.gateway.dialect_routes.natives import takes_responses
from litemaas.gateway.errors import BadRequestError
from litemaas.storage.postgres import PASSING_ERRORS

_PREVIOUS = "previous_response_id"
_UNBOUND = {
    "conversation": "conversations are not kept apart by key; send 'previous_response_id'",
    "prompt": "prompts are not kept apart by key; send 'instructions' and 'input'",
    "background": "what a call costs must be known when it is answered; leave it out",
}


def read_body(body: bytes) -> dict[str, Any]:
    """All of a body.

    Raises:
        BadRequestError: It is no JSON object, or mentions what nobody can be shown to have made.
    """
    try:
        fields = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequestError(f"The body is not a JSON object: {error}.") from error
    for name, reason in _UNBOUND.items():
        if fields.get(name):
            raise BadRequestError(f"The field {name!r} is not offered here: {reason}.", param=name)
    if any(item.get("type") == "item_reference" for item in _objects(fields)):
        raise BadRequestError("Items cannot be named by their id here; send them whole.", param="input")
    return fields


async def demands_of(fields: dict[str, Any], rights: Rights, model: ServedModel, objects: UpstreamObjects) -> Demands:
    """What a call demands because of what it mentions.

    Raises:
        ObjectNotFoundError: Its caller did not make it.
        BadRequestError: The model that it calls, or one deployment of it alone, does not keep it.
        UnavailableError: The database cannot be asked whose it is.
    """
    mentioned: list[tuple[Kind, str]] = []
    if isinstance(fields.get(_PREVIOUS), str):
        mentioned.append(("response", fields[_PREVIOUS]))
    mentioned += [("file", item["file_id"]) for item in _objects(fields) if isinstance(item.get("file_id"), str)]
    try:
        found = [await objects.find(kind, name, owner(rights)) for kind, name in mentioned]
    except PASSING_ERRORS as error:
        raise UnavailableError("The database does not answer. Try again in a moment.") from error
    return Demands(
        deployment=_keeper(found, model),
        context_tokens=sum(thing.tokens for thing in found),
        stands_in=takes_responses,
    )


def _keeper(found: list[UpstreamObject], model: ServedModel) -> str | None:
    """The deployment that keeps all of `found`; None: nothing is mentioned."""
    keepers = {thing.deployment_id for thing in found}
    if len(keepers) > 1:
        raise BadRequestError("What the request mentions is kept by several deployments; it must be one.")
    if keepers and keepers.isdisjoint(target.deployment.id for target in model.targets):
        raise BadRequestError(f"What the request mentions was made by the model {found[0].model!r}: call that one.")
    return next(iter(keepers), None)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value, however deep."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            yield one
            left += one.values()
        elif isinstance(one, list):
            left += one
