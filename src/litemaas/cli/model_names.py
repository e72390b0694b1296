"""How a model is named on the command line: by its public name, or one of its deployments by its id."""

from typing import Any

from litemaas.cli.client import Client
from litemaas.cli.errors import CommandError


def deployments_of(client: Client, name: str) -> list[dict[str, Any]]:
    """Return the deployments of the model `name`, or else the one whose id it is.

    Raises:
        CommandError: There is neither.
    """
    rows = client.get("/model/info")["data"]
    named = [row for row in rows if row["model_name"] == name] or [
        row for row in rows if row["model_info"]["id"] == name
    ]
    if not named:
        raise CommandError(f"There is no model {name}: `litemaas model list` shows all.")
    return named
