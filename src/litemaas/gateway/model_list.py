"""`/v1/models`: the models that the caller may call, by public name."""

from datetime import date

from fastapi import APIRouter, Request, Response
from msgspec import Struct

from litemaas.domain.access.errors import UnknownModelError
from litemaas.domain.serving import ServedModel
from litemaas.gateway.dialect_routes.anthropic_models import VERSION_HEADER, anthropic_list, anthropic_model
from litemaas.gateway.management.access import CallerRights
from litemaas.gateway.management.rendering import answers, render

router = APIRouter(tags=["models"])

_CREATED = 1677610602
"""LiteLLM's constant: clients want the field, and a model group has no such moment of its own."""


class ListedModel(Struct, kw_only=True):
    """A model, as OpenAI lists it, with its kind and bounds."""

    id: str
    object: str = "model"
    created: int = _CREATED
    owned_by: str = "openai"
    mode: str
    max_input_tokens: int | None
    max_output_tokens: int | None
    deprecated_on: date | None
    sunset_on: date | None
    successor: str | None


class ModelList(Struct, kw_only=True):
    """OpenAI's list."""

    object: str = "list"
    data: list[ListedModel]


@router.get("/v1/models", responses=answers(ModelList))
@router.get("/models", responses=answers(ModelList))
async def list_models(rights: CallerRights, request: Request) -> Response:
    """The models granted to the caller; in Anthropic's form for a client that sends `anthropic-version`."""
    if VERSION_HEADER in request.headers:
        return render(anthropic_list(rights.models()))
    return render(ModelList(data=[_listed(model) for model in rights.models()]))


@router.get("/v1/models/{model_id:path}", responses=answers(ListedModel))
@router.get("/models/{model_id:path}", responses=answers(ListedModel))
async def get_model(rights: CallerRights, request: Request, model_id: str) -> Response:
    """One of the models granted to the caller; whether there are others is not told."""
    found = next((model for model in rights.models() if model.name == model_id), None)
    if found is None:
        raise UnknownModelError(f"There is no model {model_id!r} for this key.", param="model")
    return render(anthropic_model(found) if VERSION_HEADER in request.headers else _listed(found))


def _listed(model: ServedModel) -> ListedModel:
    group = model.group
    return ListedModel(
        id=model.name,
        mode=group.mode,
        max_input_tokens=group.max_input_tokens,
        max_output_tokens=group.max_output_tokens,
        deprecated_on=group.deprecated_on,
        sunset_on=group.sunset_on,
        successor=group.successor,
    )
