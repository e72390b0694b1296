import gzip
from pathlib import Path

import httpx
import pytest

from litemaas.portal.static import create_frontend
from litemaas.settings import PortalSettings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    web = tmp_path / "dist"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<html>page</html>")
    (web / "assets" / "main-abc123.js").write_text("code")
    (web / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    return web


def _client(folder: Path) -> httpx.AsyncClient:
    app = create_frontend(PortalSettings(web_dir=str(folder)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ui.test")


async def test_hashed_files_are_kept_and_the_page_is_not(folder: Path):
    async with _client(folder) as client:
        script = await client.get("/ui/assets/main-abc123.js")
        page = await client.get("/ui/")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert page.headers["cache-control"] == "no-store"
    assert "text/html" in page.headers["content-type"]


async def test_nothing_from_elsewhere_is_loaded_and_no_inline_script_runs(folder: Path):
    async with _client(folder) as client:
        policy = (await client.get("/ui/")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("path", ["/ui/keys", "/ui/models/org/m", "/ui/index.html"])
async def test_addresses_inside_the_ui_lead_to_the_page(folder: Path, path: str):
    async with _client(folder) as client:
        assert (await client.get(path)).text == "<html>page</html>"


@pytest.mark.parametrize("path", ["/", "/ui"])
async def test_browsers_are_sent_to_the_ui(folder: Path, path: str):
    async with _client(folder) as client:
        assert (await client.get(path)).headers["location"] == "/ui/"


@pytest.mark.parametrize(
    "path", ["/ui/../secret.txt", "/ui/%2e%2e/secret.txt", "/ui/assets/../../secret.txt", "/ui//etc/passwd"]
)
async def test_no_file_outside_the_folder_is_served(folder: Path, path: str):
    async with _client(folder) as client:
        answer = await client.get(path)
    assert "secret" not in answer.text
    assert "root:" not in answer.text


async def test_a_missing_hashed_file_is_not_the_page(folder: Path):
    async with _client(folder) as client:
        assert (await client.get("/ui/assets/old.js")).status_code == 404


async def test_a_ui_that_was_not_built_says_so(tmp_path: Path):
    async with _client(tmp_path / "none") as client:
        answer = await client.get("/ui/")
        assert (await client.get("/healthz")).status_code == 200
    assert (answer.status_code, "make web" in answer.text) == (503, True)


@pytest.mark.parametrize(
    ("accepted", "is_compressed"),
    [("gzip, deflate, br", True), ("br;q=1, GZIP;q=0.5", True), ("gzip;q=0", False), ("identity", False), ("", False)],
)
async def test_a_browser_that_takes_it_gets_the_compressed_copy(folder: Path, accepted: str, *, is_compressed: bool):
    (folder / "assets" / "main-abc123.js.gz").write_bytes(gzip.compress(b"code"))
    async with _client(folder) as client:
        script = await client.get("/ui/assets/main-abc123.js", headers={"accept-encoding": accepted})
    assert script.text == "code"
    assert ("content-encoding" in script.headers) == is_compressed
    assert script.headers["vary"] == "accept-encoding"
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
