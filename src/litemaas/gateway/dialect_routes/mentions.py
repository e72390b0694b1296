"""What a body mentions that its upstream keeps: a response only for who made it; what we cannot keep apart, for nobody.

Files are looked for in every call, whatever its dialect: `calls.kept_files`.
"""

from typing import Any

import msgspec

from litemaas.domain.errors import UnavailableError
from litemaas.domain.rights import Rights
from litemaas.domain.serving import ServedModel
from litemaas.domain.upstream_objects.service import UpstreamObjects
from litemaas.gateway.calls.demands import Demands
from litemaas.gateway.calls.kept_files import keeper_of, objects_in, owner
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
    for item in objects_in(fields):
        if item.get("type") == "item_reference":
            raise BadRequestError("Items cannot be named by their id here; send them whole.", param="input")
        if isinstance(item.get("vector_store_ids"), list):
            raise BadRequestError("Vector stores are not kept apart by key, and not offered here.", param="tools")
    tools = fields.get("tools")
    for tool in tools if isinstance(tools, list) else ():
        check_container(tool.get("container") if isinstance(tool, dict) else None)
    return fields


def check_container(container: Any) -> None:
    """Check that a container of code is not named by its id: whoever knows it would find another's files there.

    Raises:
        BadRequestError: It is.
    """
    if isinstance(container, str) or (isinstance(container, dict) and container.get("id")):
        raise BadRequestError(
            "Containers are not kept apart by key; let each call have a new one, without an id.", param="container"
        )


async def demands_of(fields: dict[str, Any], rights: Rights, model: ServedModel, objects: UpstreamObjects) -> Demands:
    """What a call demands because of the response that it goes on from.

    Raises:
        ObjectNotFoundError: Its caller did not make it.
        BadRequestError: The model that it calls does not keep it.
        UnavailableError: The database cannot be asked whose it is.
    """
    previous = fields.get(_PREVIOUS)
    try:
        found = [await objects.find("response", previous, owner(rights))] if isinstance(previous, str) else []
    except PASSING_ERRORS as error:
        raise UnavailableError("The database does not answer. Try again in a moment.") from error
    return Demands(
        deployment=keeper_of(found, model),
        context_tokens=sum(thing.tokens for thing in found),
        stands_in=takes_responses,
    )
