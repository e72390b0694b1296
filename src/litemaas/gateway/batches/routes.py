"""The routes of files and batches, for the slow lane's application."""

from starlette.routing import Route
from starlette.types import ASGIApp

from litemaas.gateway.batches.batches import NewBatch, OwnBatch
from litemaas.gateway.batches.files import FILES, FileContent, NewFile, OwnFile
from litemaas.gateway.batches.listing import OwnList
from litemaas.gateway.batches.settling import BATCHES
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.uploads.spooling import Spools


def batch_routes(gateway: Gateway, spools: Spools) -> list[Route]:
    """All of them, each with and without `/v1`."""
    file, batch = OwnFile(gateway), OwnBatch(gateway)
    apps: list[tuple[str, str, ASGIApp]] = [
        ("POST", FILES, NewFile(gateway, spools)),
        ("GET", FILES, OwnList(gateway, "file")),
        ("GET", f"{FILES}/{{file_id}}", file),
        ("DELETE", f"{FILES}/{{file_id}}", file),
        ("GET", f"{FILES}/{{file_id}}/content", FileContent(gateway)),
        ("POST", BATCHES, NewBatch(gateway)),
        ("GET", BATCHES, OwnList(gateway, "batch")),
        ("GET", f"{BATCHES}/{{batch_id}}", batch),
        ("POST", f"{BATCHES}/{{batch_id}}/cancel", batch),
    ]
    return [Route(prefix + path, app, methods=[method]) for method, path, app in apps for prefix in ("/v1", "")]
