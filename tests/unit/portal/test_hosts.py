import pytest
from starlette.requests import Request

from litemaas.portal.hosts import Hosts, destination
from litemaas.settings import PortalSettings


def _request(headers: dict[str, str], client: str = "10.0.0.9") -> Request:
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "scheme": "http", "path": "/", "query_string": b"", "headers": pairs}
    return Request({**scope, "client": (client, 1), "server": ("x", 80)})


def test_only_registered_hosts_are_ours():
    hosts = Hosts(PortalSettings(public_url="https://admin.test/", frontend_url="https://users.test"))
    assert hosts.base_of(_request({"host": "Admin.test"})) == "https://admin.test"
    assert hosts.base_of(_request({"host": "users.test"})) == "https://users.test"
    assert hosts.base_of(_request({"host": "admin.test.evil.test"})) is None


def test_without_registered_hosts_the_one_that_is_called_is():
    assert Hosts(PortalSettings()).base_of(_request({"host": "127.0.0.1:4000"})) == "http://127.0.0.1:4000"


@pytest.mark.parametrize(
    ("hops", "forwarded", "address"),
    [
        (0, "1.2.3.4", "10.0.0.9"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (1, "", "10.0.0.9"),
    ],
)
def test_only_our_own_proxies_are_believed(hops: int, forwarded: str, address: str):
    hosts = Hosts(PortalSettings(forwarded_hops=hops))
    assert hosts.visitor(_request({"x-forwarded-for": forwarded} if forwarded else {})).address == address


@pytest.mark.parametrize("wanted", ["/ui/", "/ui/keys?state=active#top", "/ui/models/org%2Fm"])
def test_places_in_the_ui_are_kept(wanted: str):
    assert destination(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "/",
        "/api/keys",
        "ui/",
        "https://evil.test/ui/",
        "//evil.test/ui/",
        "/ui/\r\nset-cookie: a=b",
        "/ui/../x",
    ],
)
def test_all_other_places_become_the_ui(wanted: str | None):
    assert destination(wanted) == "/ui/"
