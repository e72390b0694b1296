"""Which deployment keeps a new file: that of the model named in the request, or the only one for batches."""

from collections.abc import Iterable

from litemaas.domain.rights import Rights
from litemaas.domain.serving import ServedModel, Target
from litemaas.gateway.dialect_routes.natives import speaks_openai
from litemaas.gateway.errors import BadRequestError

_BATCH = "batch"


def choose_model(rights: Rights, named: Iterable[str | None]) -> ServedModel:
    """The first model that is `named`, else the only one of the mode `batch` that the key may call.

    Raises:
        ModelNotAllowedError, UnknownModelError: The key may not call it.
        BadRequestError: None is named, and there is not exactly one.
    """
    name = next((name for name in named if name), None)
    if name is not None:
        return rights.permit(name).model
    found = [model for model in rights.models() if model.group.mode == _BATCH]
    if len(found) != 1:
        raise BadRequestError(
            "Say for which model the file is: by the form's field 'model', the query parameter 'model' or the header "
            "'x-litellm-model'.",
            param="model",
        )
    return found[0]


def choose_target(model: ServedModel) -> Target:
    """The deployment that keeps the files of a model: the first that can.

    Raises:
        BadRequestError: None can.
    """
    for target in model.targets:
        if speaks_openai(target):
            return target
    raise BadRequestError(f"The model {model.name!r} is served by nobody who keeps files.", param="model")
