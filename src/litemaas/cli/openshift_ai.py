"""What `litemaas model discover --openshift-ai` prints: models of the cluster, and how each is added."""

from typing import Any

import click

from litemaas.cli.client import Client
from litemaas.cli.output import Column, print_json, print_table, printable
from litemaas.cli.waiting import waiting

_NOTHING = "No InferenceService in a namespace with the label: label one to opt in (docs/OPENSHIFT_AI_INTEGRATION.md)."


def print_services(client: Client, *, as_json: bool) -> None:
    """Print the InferenceServices of the cluster that LiteMaaS runs in, with their state and address."""
    with waiting("Asking the cluster…"):
        found = client.get("/model/discover/openshift_ai")
    if as_json:
        print_json(found)
        return
    columns = [Column(title) for title in ("Namespace", "Name", "Models", "State", "API base")]
    print_table(columns, [_cells(one) for one in found["inference_services"]], nothing=_NOTHING)
    for namespace in found["refused"]:
        click.echo(f"{printable(namespace)} has the label, but our service account may not see its models.", err=True)


def _cells(service: dict[str, Any]) -> list[str]:
    return [
        service["namespace"],
        service["name"],
        ", ".join(service["models"]),
        _state(service),
        service["api_base"],
    ]


def _state(service: dict[str, Any]) -> str:
    if service["added"]:
        return "added"
    if not service["ready"]:
        return "not ready"
    if service["protected"]:
        return "wants a token"
    return service["complaint"] or "ready"
