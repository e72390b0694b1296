"""Brings the catalogue in line with what is offered at this start."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from litemaas.cli.client import Client
from litemaas.cli.up.offers import OfferedModel, is_demo


class Deployment(NamedTuple):
    """What the catalogue has."""

    deployment_id: str
    name: str
    mode: str
    upstream: tuple[str, str]


def sync_models_from_offers(client: Client, offers: Sequence[OfferedModel]) -> None:
    """Register what is offered and not there yet, move what moved, remove demo models that do not run this time.

    Other models stay as they are, also those found at an earlier start: their server may be back any moment. A demo
    model exists only while `up` runs it.

    Raises:
        CommandError: LiteMaaS refuses.
    """
    deployments = list_deployments(client)
    by_id = {deployment.deployment_id: deployment for deployment in deployments}
    upstreams = {deployment.upstream for deployment in deployments}
    for offer in offers:
        known = by_id.get(offer.deployment_id)
        if known is None and (offer.name, offer.api_base) not in upstreams:
            _register(client, offer)
        elif known is not None and known.upstream[1] != offer.api_base:
            path = f"/model/{quote(offer.deployment_id, safe='')}/update"
            client.patch(path, {"litellm_params": {"api_base": offer.api_base}})
    offered = {offer.deployment_id for offer in offers}
    for deployment_id in by_id.keys() - offered:
        if is_demo(deployment_id):
            client.post("/model/delete", {"id": deployment_id})


def list_deployments(client: Client) -> list[Deployment]:
    """Return the catalogue's deployments.

    Raises:
        CommandError: LiteMaaS refuses.
    """
    return [_deployment(row) for row in client.get("/model/info")["data"]]


def _deployment(row: dict[str, Any]) -> Deployment:
    about, upstream = row["model_info"], row["litellm_params"]
    _, _, upstream_model = str(upstream["model"]).partition("/")
    api_base = str(upstream.get("api_base") or "").rstrip("/")
    return Deployment(about["id"], row["model_name"], about.get("mode") or "chat", (upstream_model, api_base))


def _register(client: Client, offer: OfferedModel) -> None:
    client.post(
        "/model/new",
        {
            "model_name": offer.name,
            "litellm_params": {"model": f"openai/{offer.name}", "api_base": offer.api_base} | offer.prices,
            "model_info": {"id": offer.deployment_id, "mode": offer.mode} | offer.bounds,
        },
    )
