"""Logging in by a real OpenID provider."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from litemaas.domain.errors import InvalidInputError
from support.oidc import OidcServer
from support.portal import ROOT, Browser, Site, running_site

HOSTS = {"LITEMAAS_PUBLIC_URL": "http://admin.test", "LITEMAAS_FRONTEND_URL": "http://users.test"}
GROUPS = {"LITEMAAS_ADMIN_GROUPS": "platform", "LITEMAAS_ADMIN_READONLY_GROUPS": "audit"}
START = "/api/auth/login/oidc"


@pytest.fixture
async def site(database_url: str, tmp_path: Path, oidc_server: OidcServer) -> AsyncIterator[Site]:
    async with running_site(database_url, tmp_path, **HOSTS, **GROUPS, **oidc_server.settings()) as opened:
        yield opened


async def _go_there(browser: Browser, server: OidcServer, name: str, **query: str) -> str:
    """Begin a login and go through the provider's pages; returns where the browser is sent back to."""
    answer = await browser.send("GET", START, params=query)
    assert answer.status_code == 302, answer.text
    return await server.log_in(answer.headers["location"], name)


async def _come_back(browser: Browser, url: str) -> str:
    """Follow the provider's redirect; returns where in the UI the browser ends."""
    answer = await browser.send("GET", url)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


async def _log_in(browser: Browser, server: OidcServer, name: str, **query: str) -> str:
    return await _come_back(browser, await _go_there(browser, server, name, **query))


async def test_a_person_whom_the_provider_knows_gets_in(site: Site, oidc_server: OidcServer):
    oidc_server.set_accounts({"1": {"name": "Ada", "email": "ada@x.test", "email_verified": True, "groups": ["dev"]}})
    browser = site.browser()
    assert await _log_in(browser, oidc_server, "1", next="/ui/keys") == "/ui/keys"
    user = (await browser.session())["user"]
    assert (user["name"], user["email"], user["role"]) == ("Ada", "ada@x.test", "user")
    assert (await browser.get("/api/me"))["models"] == ["all-open-models"]


async def test_the_request_to_the_provider_carries_what_binds_the_answer_to_it(site: Site):
    answer = await site.browser().send("GET", START)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == 43
    assert {"state", "nonce"} <= query.keys()
    assert query["redirect_uri"] == ["http://admin.test/api/auth/callback"]
    assert "code_verifier" not in query


async def test_a_group_that_was_taken_away_is_gone_at_the_next_login(site: Site, oidc_server: OidcServer):
    browser = site.browser()
    oidc_server.set_accounts({"2": {"groups": ["platform"]}})
    await _log_in(browser, oidc_server, "2")
    assert (await browser.session())["user"]["role"] == "admin"
    oidc_server.set_accounts({"2": {"groups": ["audit"]}})
    await _log_in(browser, oidc_server, "2")
    assert (await browser.session())["user"]["role"] == "admin-readonly"
    oidc_server.set_accounts({"2": {}})
    await _log_in(browser, oidc_server, "2")
    assert (await browser.session())["user"]["role"] == "user"


async def test_a_role_that_an_admin_granted_stays(site: Site, oidc_server: OidcServer):
    oidc_server.set_accounts({"3": {}})
    browser, admin = site.browser(), site.browser()
    await _log_in(browser, oidc_server, "3")
    user_id = (await browser.session())["user"]["id"]
    await admin.log_in()
    await admin.call("PATCH", f"/api/admin/users/{user_id}", json={"role": "admin-readonly"})
    await _log_in(browser, oidc_server, "3")
    assert (await browser.session())["user"]["role"] == "admin-readonly"


async def test_the_same_address_does_not_make_two_people_one(site: Site, oidc_server: OidcServer):
    same = {"email": "same@x.test", "email_verified": True, "preferred_username": "same"}
    oidc_server.set_accounts({"4": same, "5": same})
    first, second = site.browser(), site.browser()
    await _log_in(first, oidc_server, "4")
    await _log_in(second, oidc_server, "5")
    assert (await first.session())["user"]["id"] != (await second.session())["user"]["id"]


async def test_nobody_comes_by_a_user_that_was_made_for_somebody_else(site: Site, oidc_server: OidcServer):
    await site.user(user_id="carol", email="carol@x.test")
    claims = {"preferred_username": "carol", "email": "carol@x.test", "email_verified": True}
    oidc_server.set_accounts({"carol": claims})
    browser = site.browser()
    await _log_in(browser, oidc_server, "carol")
    assert (await browser.session())["user"]["id"] != "carol"


async def test_an_answer_counts_once(site: Site, oidc_server: OidcServer):
    oidc_server.set_accounts({"6": {}})
    browser = site.browser()
    back = await _go_there(browser, oidc_server, "6")
    cookie = browser.browser_secret
    assert await _come_back(browser, back) == "/ui/"
    again = site.browser()
    again.client.cookies.set("litemaas_browser", cookie, domain="admin.test")
    assert await _come_back(again, back) == "/ui/login?error=state"
    assert again.secret is None


async def test_an_answer_is_good_only_in_the_browser_that_asked(site: Site, oidc_server: OidcServer):
    oidc_server.set_accounts({"7": {}})
    attacker, victim = site.browser(), site.browser()
    back = await _go_there(attacker, oidc_server, "7")
    await victim.send("GET", START)
    assert await _come_back(victim, back) == "/ui/login?error=state"
    assert await _come_back(site.browser(), back) == "/ui/login?error=state"


async def test_a_forged_state_is_refused(site: Site, oidc_server: OidcServer):
    oidc_server.set_accounts({"8": {}})
    browser = site.browser()
    back = await _go_there(browser, oidc_server, "8")
    (state,) = parse_qs(urlsplit(back).query)["state"]
    header, claims, signature = state.split(".")
    unsigned = urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    forgeries = (f"{header}.{claims}.{signature[::-1]}", f"{unsigned}.{claims}.", "e30.e30.e30", "")
    for forged in forgeries:
        assert await _come_back(browser, back.replace(state, forged)) == "/ui/login?error=state"
    assert browser.secret is None
    assert await _come_back(browser, back) == "/ui/"


async def test_an_answer_from_another_issuer_is_refused(site: Site, oidc_server: OidcServer):
    oidc_server.set_accounts({"20": {}})
    browser = site.browser()
    back = await _go_there(browser, oidc_server, "20")
    issuer = quote(oidc_server.issuer, safe="")
    assert issuer in back
    assert await _come_back(browser, back.replace(issuer, "https%3A%2F%2Fevil.test")) == "/ui/login?error=provider"


async def test_a_state_is_good_only_under_the_address_that_it_was_made_for(site: Site, oidc_server: OidcServer):
    oidc_server.set_accounts({"9": {}})
    browser = site.browser()
    back = await _go_there(browser, oidc_server, "9")
    other = site.browser("http://users.test")
    other.client.cookies.set("litemaas_browser", browser.browser_secret, domain="users.test")
    assert await _come_back(other, back.replace("admin.test", "users.test")) == "/ui/login?error=state"


async def test_a_code_that_is_not_the_providers_is_refused(site: Site, oidc_server: OidcServer):
    oidc_server.set_accounts({"10": {}})
    browser = site.browser()
    back = await _go_there(browser, oidc_server, "10")
    query = parse_qs(urlsplit(back).query)
    answer = await browser.send("GET", "/api/auth/callback", params={"code": "guess", "state": query["state"][0]})
    assert answer.headers["location"] == "/ui/login?error=provider"


async def test_a_refusal_at_the_provider_leads_back_to_the_login_page(site: Site, oidc_server: OidcServer):
    browser = site.browser()
    start = await browser.send("GET", START)
    state = parse_qs(urlsplit(start.headers["location"]).query)["state"][0]
    answer = await browser.send("GET", "/api/auth/callback", params={"error": "access_denied", "state": state})
    assert answer.headers["location"] == "/ui/login?error=denied"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.test/",
        "//evil.test",
        "/\\evil.test",
        "/ui/%2e%2e/api/keys",
        "/ui/../api/keys",
        "/ui/\t//evil.test",
        "javascript:x",
    ],
)
async def test_a_login_leads_nowhere_but_into_the_ui(site: Site, oidc_server: OidcServer, wanted: str):
    oidc_server.set_accounts({"11": {}})
    assert await _log_in(site.browser(), oidc_server, "11", next=wanted) == "/ui/"


async def test_a_login_on_the_users_host_comes_back_there(site: Site, oidc_server: OidcServer):
    oidc_server.set_accounts({"12": {}})
    browser = site.browser("http://users.test")
    back = await _go_there(browser, oidc_server, "12")
    assert back.startswith("http://users.test/api/auth/callback")
    assert await _come_back(browser, back) == "/ui/"


async def test_a_login_on_any_other_host_is_sent_to_the_admin_host_first(site: Site):
    answer = await site.browser("http://litellm-lab.test").send("GET", START, params={"next": "/ui/usage"})
    assert answer.headers["location"] == "http://admin.test/api/auth/login/oidc?next=%2Fui%2Fusage"
    assert "set-cookie" not in answer.headers


async def test_those_in_none_of_the_user_groups_stay_outside(database_url, tmp_path, oidc_server: OidcServer):
    oidc_server.set_accounts({"13": {"groups": ["guests"]}, "14": {"groups": ["staff"]}})
    settings = {**HOSTS, **oidc_server.settings(), "LITEMAAS_USER_GROUPS": "staff, helpers"}
    async with running_site(database_url, tmp_path, **settings) as site:
        assert await _log_in(site.browser(), oidc_server, "13") == "/ui/login?error=refused"
        assert await _log_in(site.browser(), oidc_server, "14") == "/ui/"


async def test_groups_may_lie_deep_in_the_claims(database_url, tmp_path, oidc_server: OidcServer):
    oidc_server.set_accounts({"15": {"realm_access": {"roles": ["platform"]}}})
    claim = {"LITEMAAS_OIDC_GROUPS_CLAIM": "realm_access.roles"}
    async with running_site(database_url, tmp_path, **HOSTS, **GROUPS, **claim, **oidc_server.settings()) as site:
        browser = site.browser()
        await _log_in(browser, oidc_server, "15")
        assert (await browser.session())["user"]["role"] == "admin"


async def test_groups_named_in_the_ui_count_from_the_next_login_on(site: Site, oidc_server: OidcServer):
    oidc_server.set_accounts({"16": {"groups": ["ops"]}})
    admin, browser = site.browser(), site.browser()
    await admin.log_in()
    await admin.call("PUT", "/api/admin/settings/login", json={"admin_groups": ["ops"]})
    await _log_in(browser, oidc_server, "16")
    assert (await browser.session())["user"]["role"] == "admin"


async def test_new_people_get_what_admins_have_set(site: Site, oidc_server: OidcServer):
    oidc_server.set_accounts({"17": {}})
    admin, browser = site.browser(), site.browser()
    await admin.log_in()
    defaults = {"user": {"models": ["small"], "max_budget": "2.50", "budget_duration": "30d", "rpm_limit": 7}}
    await admin.call("PUT", "/api/admin/settings/defaults", json=defaults)
    await _log_in(browser, oidc_server, "17")
    me = await browser.get("/api/me")
    assert (me["models"], me["max_budget"], me["rpm_limit"]) == (["small"], "2.5", 7)


async def test_logging_out_tells_where_the_provider_ends_its_session(site: Site, oidc_server: OidcServer):
    oidc_server.set_accounts({"18": {}})
    browser = site.browser()
    await _log_in(browser, oidc_server, "18")
    await browser.session()
    redirect = (await browser.post("/api/auth/logout"))["redirect"]
    assert redirect.startswith(f"{oidc_server.issuer}/session/end?client_id=litemaas")
    assert parse_qs(urlsplit(redirect).query)["post_logout_redirect_uri"] == ["http://admin.test/ui/login"]


async def test_a_deleted_person_who_comes_back_begins_anew(site: Site, oidc_server: OidcServer):
    oidc_server.set_accounts({"19": {"groups": ["dev"]}})
    admin, browser = site.browser(), site.browser()
    await admin.log_in()
    await _log_in(browser, oidc_server, "19")
    user_id = (await browser.session())["user"]["id"]
    await admin.call("PATCH", f"/api/admin/users/{user_id}", json={"role": "admin", "models": ["secret"]})
    await admin.call("DELETE", f"/api/admin/users/{user_id}", 204)
    await browser.get("/api/me", 401)
    await _log_in(browser, oidc_server, "19")
    me = await browser.get("/api/me")
    assert (me["role"], me["models"]) == ("user", ["all-open-models"])


async def test_a_linked_login_enters_as_the_user_who_was_there_before(site: Site, oidc_server: OidcServer):
    oidc_server.set_accounts({"9": {}})
    before, browser = await site.user(user_id="alice"), site.browser()
    await _log_in(browser, oidc_server, "9")
    stranger = (await browser.session())["user"]["id"]
    await site.platform.users.link_login(ROOT, "alice", stranger)
    assert (await browser.session())["user"] is None
    assert (await before.session())["user"] is None
    await _log_in(browser, oidc_server, "9")
    assert (await browser.session())["user"]["id"] == "alice"
    with pytest.raises(InvalidInputError, match="has no login"):
        await site.platform.users.link_login(ROOT, "alice", stranger)
    with pytest.raises(InvalidInputError, match="two users"):
        await site.platform.users.link_login(ROOT, "alice", "alice")
