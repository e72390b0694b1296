"""`/model/*`: adding and managing models, trying them, and finding out what an endpoint serves."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from litemaas.domain.administration.model_orders import ModelDetail
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.probing import Verdict, list_models, probe
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, Administrator, AnyPlatform
from litemaas.gateway.management.discovery_rows import OpenShiftAiModels, offered_rows
from litemaas.gateway.management.fields import Name
from litemaas.gateway.management.model_requests import ChangedModel, Endpoint, NameModel, NewModel, TestModel
from litemaas.gateway.management.model_rows import group_rows, model_row, stored_row
from litemaas.gateway.management.paging import PageNumber, page_count
from litemaas.gateway.management.rendering import answers, render
from litemaas.gateway.management.routing import ManagementRoute

router = APIRouter(tags=["models"], route_class=ManagementRoute)


@router.post("/model/new")
async def new_model(platform: AnyPlatform, actor: Administrator, body: NewModel) -> Response:
    """Add a deployment under a public name; several of one name share its calls."""
    return render(stored_row(await platform.catalog.add(actor, body.order(), deployment_id=body.model_info.id)))


@router.post("/model/update")
async def update_model(platform: AnyPlatform, actor: Administrator, body: ChangedModel) -> Response:
    """Change the deployment that `model_info.id` names; absent fields stay, null clears."""
    if body.model_info.id is None:
        raise InvalidInputError("Name the model by model_info.id.", param="model_info.id")
    return render(stored_row(await platform.catalog.update(actor, body.model_info.id, body.order())))


@router.patch("/model/{model_id:path}/update")
async def patch_model(platform: AnyPlatform, actor: Administrator, model_id: str, body: ChangedModel) -> Response:
    """Change a deployment; absent fields stay, null clears."""
    return render(stored_row(await platform.catalog.update(actor, model_id, body.order())))


@router.post("/model/delete")
async def delete_model(platform: AnyPlatform, actor: Administrator, body: NameModel) -> Response:
    """Delete a deployment, and its public name with the last one."""
    await platform.catalog.delete(actor, body.id)
    return render({"message": f"Model: {body.id} deleted successfully"})


@router.get("/model/info", dependencies=ADMINISTRATORS_ONLY)
@router.get("/v1/model/info", dependencies=ADMINISTRATORS_ONLY)
async def model_info(platform: AnyPlatform, litellm_model_id: str | None = None) -> Response:
    """All deployments, or the one with this id."""
    return render({"data": [model_row(detail) for detail in await _details(platform, litellm_model_id)]})


@router.get("/v2/model/info", dependencies=ADMINISTRATORS_ONLY)
async def paged_model_info(
    platform: AnyPlatform,
    page: PageNumber = 1,
    size: Annotated[int, Query(ge=1, le=1000)] = 50,
    search: str = "",
) -> Response:
    """One page of deployments, those whose public or upstream name contains `search`."""
    wanted = search.lower()
    found = [
        detail
        for detail in await platform.catalog.read()
        if wanted in detail.group.name.lower() or wanted in detail.deployment.upstream_model.lower()
    ]
    shown = found[(page - 1) * size : page * size]
    return render(
        {
            "data": [model_row(detail) for detail in shown],
            "total_count": len(found),
            "current_page": page,
            "total_pages": page_count(len(found), size),
            "size": size,
        }
    )


@router.get("/model_group/info", dependencies=ADMINISTRATORS_ONLY)
async def model_group_info(platform: AnyPlatform, model_group: str | None = None) -> Response:
    """One row for each public name, or the one that is asked for."""
    rows = group_rows(await platform.catalog.read())
    return render({"data": [row for row in rows if model_group in {None, row["model_group"]}]})


@router.post("/model/test", responses=answers(Verdict))
async def test_model(platform: AnyPlatform, actor: Administrator, body: TestModel) -> Response:
    """Try a deployment up to one real call: the one of this `id`, or one as in `/model/new`, which is not stored."""
    catalog = platform.catalog
    trial = catalog.draft_trial(actor, body.order()) if body.id is None else await catalog.trial(body.id)
    return render(await probe(platform.upstreams, trial))


@router.get("/model/discover", dependencies=ADMINISTRATORS_ONLY)
async def discover_open(platform: AnyPlatform, api_base: Name) -> Response:
    """The models that an endpoint without a key serves."""
    return await _discover(platform, Endpoint(api_base=api_base))


@router.post("/model/discover", dependencies=ADMINISTRATORS_ONLY)
async def discover(platform: AnyPlatform, body: Endpoint) -> Response:
    """The models that an endpoint serves; the key goes in the body, so that no log has it."""
    return await _discover(platform, body)


@router.get("/model/discover/openshift_ai", dependencies=ADMINISTRATORS_ONLY, responses=answers(OpenShiftAiModels))
async def discover_openshift_ai(platform: AnyPlatform) -> Response:
    """What OpenShift AI serves in the namespaces that opted in, of the cluster that LiteMaaS runs in."""
    return render(offered_rows(await platform.discovery.find()))


async def _discover(platform: AnyPlatform, endpoint: Endpoint) -> Response:
    api_base, models = await list_models(platform.upstreams, endpoint.api_base, endpoint.api_key)
    return render({"api_base": api_base, "models": models})


async def _details(platform: AnyPlatform, model_id: str | None) -> list[ModelDetail]:
    return await platform.catalog.read() if model_id is None else [await platform.catalog.get(model_id)]
