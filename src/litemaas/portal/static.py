"""The web UI under `/ui/`: hashed files for ever, the page itself anew each time, nothing from elsewhere."""

from mimetypes import guess_type
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from litemaas.settings import PortalSettings

_PACKAGED = Path(__file__).parent.parent / "web"
_IN_THE_REPOSITORY = Path(__file__).parents[3] / "web" / "dist"
_PAGE = "index.html"
_HASHED = "assets"
_COMPRESSED = ".gz"
_REDIRECT = 307
_UNAVAILABLE = 503

_PAGE_HEADERS = {"cache-control": "no-store"}
_HASHED_HEADERS = {"cache-control": "public, max-age=31536000, immutable"}
_OTHER_HEADERS = {"cache-control": "public, max-age=3600"}

SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
"""Neither scripts nor styles inline: React sets styles through the DOM, which the policy allows."""


def web_folder(settings: PortalSettings) -> Path:
    """Where the built UI is: where the setting says, in the package, or in the repository that this runs from."""
    if settings.web_dir:
        return Path(settings.web_dir)
    return _PACKAGED if (_PACKAGED / _PAGE).exists() else _IN_THE_REPOSITORY


class WebUi:
    """Serves one folder.

    Args:
        folder: The built UI; may be missing, then pages say so.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def routes(self) -> list[BaseRoute]:
        """The routes of the UI."""
        methods = ["GET", "HEAD"]
        return [
            Route("/", self._to_ui, methods=methods),
            Route("/ui", self._to_ui, methods=methods),
            Route("/ui/{path:path}", self._serve, methods=methods),
        ]

    async def _to_ui(self, _: Request) -> Response:
        return RedirectResponse("/ui/", _REDIRECT, SECURITY_HEADERS)

    async def _serve(self, request: Request) -> Response:
        path = request.path_params["path"]
        file = (self._folder / path).resolve()
        if path and file.is_relative_to(self._folder) and file.is_file() and file.name != _PAGE:
            hashed = file.is_relative_to(self._folder / _HASHED)
            return _file_response(request, file, _HASHED_HEADERS if hashed else _OTHER_HEADERS)
        if path.startswith(f"{_HASHED}/"):
            return PlainTextResponse("There is no such file.", 404, SECURITY_HEADERS)
        page = self._folder / _PAGE
        if not page.exists():
            return PlainTextResponse("The web UI is not built. Run 'make web'.", _UNAVAILABLE, SECURITY_HEADERS)
        return FileResponse(page, headers=SECURITY_HEADERS | _PAGE_HEADERS)


def _file_response(request: Request, file: Path, headers: dict[str, str]) -> FileResponse:
    """The file, or its compressed copy that the build has put beside it, if the browser takes that."""
    copy = file.with_name(file.name + _COMPRESSED)
    if not copy.is_file():
        return FileResponse(file, headers=SECURITY_HEADERS | headers)
    headers = SECURITY_HEADERS | headers | {"vary": "accept-encoding"}
    if not _takes_gzip(request.headers.get("accept-encoding", "")):
        return FileResponse(file, headers=headers)
    media_type, _ = guess_type(file.name)
    return FileResponse(copy, headers=headers | {"content-encoding": "gzip"}, media_type=media_type)


def _takes_gzip(accepted: str) -> bool:
    """Tell whether `Accept-Encoding` names gzip, and not to refuse it (RFC 9110, 12.5.3)."""
    weights = {
        name.strip().lower(): weight.strip() for name, _, weight in (one.partition(";") for one in accepted.split(","))
    }
    return "gzip" in weights and weights["gzip"].replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}


def create_frontend(settings: PortalSettings) -> Starlette:
    """The application of the role `frontend`: the UI's files and nothing else."""
    return Starlette(routes=[Route("/healthz", _healthy), *WebUi(web_folder(settings)).routes()])


async def _healthy(_: Request) -> Response:
    return JSONResponse({"status": "healthy"})
