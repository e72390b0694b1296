"""The routes of files and batches, for the slow lane's application."""

from starlette.routing import Route
from starlette.types import ASGIApp

from litemaas.domain.upstream_objects.service import UpstreamObjects
from litemaas.gateway.batches.batches import BATCHES, NewBatch, OwnBatch
from litemaas.gateway.batches.files import FILES, FileContent, NewFile, OwnFile
from litemaas.gateway.batches.listing import OwnList
from litemaas.gateway.calls.gateway import Gateway
from litemaas.gateway.uploads.spooling import Spools


def batch_routes(gateway: Gateway, objects: UpstreamObjects, spools: Spools) -> list[Route]:
    """All of them, each with and without `/v1`."""
    file, batch = OwnFile(gateway, objects), OwnBatch(gateway, objects)
    apps: list[tuple[str, str, ASGIApp]] = [
        ("POST", FILES, NewFile(gateway, objects, spools)),
        ("GET", FILES, OwnList(gateway, objects, "file")),
        ("GET", f"{FILES}/{{file_id}}", file),
        ("DELETE", f"{FILES}/{{file_id}}", file),
        ("GET", f"{FILES}/{{file_id}}/content", FileContent(gateway, objects)),
        ("POST", BATCHES, NewBatch(gateway, objects)),
        ("GET", BATCHES, OwnList(gateway, objects, "batch")),
        ("GET", f"{BATCHES}/{{batch_id}}", batch),
        ("POST", f"{BATCHES}/{{batch_id}}/cancel", batch),
    ]
    return [Route(prefix + path, app, methods=[method]) for method, path, app in apps for prefix in ("/v1", "")]
