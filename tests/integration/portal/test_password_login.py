"""Logging in by name and password, what a session is bound to, and how it ends."""

from support.portal import ADMIN, Site


async def test_the_right_password_lets_the_admin_in(site: Site):
    browser = site.browser()
    assert (await browser.session())["user"] is None
    await browser.log_in()
    user = (await browser.session())["user"]
    assert (user["id"], user["role"]) == ("admin", "admin")


async def test_a_wrong_password_is_refused(site: Site):
    browser = site.browser()
    await browser.session()
    await browser.post("/api/auth/password", 401, username=ADMIN["username"], password="wrong")
    await browser.post("/api/auth/password", 401, username="root", password=ADMIN["password"])
    assert browser.secret is None


async def test_guessing_is_slowed_down(site: Site):
    browser = site.browser()
    await browser.session()
    for _ in range(10):
        await browser.post("/api/auth/password", 401, username="admin", password="guess")
    answer = await browser.send("POST", "/api/auth/password", json=ADMIN)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 300


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site):
    browser = site.browser()
    await browser.session()
    answer = await browser.send("POST", "/api/auth/password", json=ADMIN)
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("litemaas_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


async def test_a_session_that_was_planted_before_the_login_is_not_the_one_after_it(site: Site):
    attacker = site.browser()
    await attacker.log_in()
    victim = site.browser()
    victim.secret = attacker.secret
    await victim.log_in()
    assert victim.secret != attacker.secret
    assert (await attacker.session())["user"] is None


async def test_a_login_without_the_token_of_the_browser_is_refused(site: Site):
    browser = site.browser()
    await browser.post("/api/auth/password", 403, **ADMIN)


async def test_a_change_without_the_token_of_the_session_is_refused(site: Site):
    browser = await site.user()
    token = browser.csrf_token
    browser.csrf_token = None
    await browser.post("/api/keys", 403)
    browser.csrf_token = token[:-1] + ("A" if token[-1] != "A" else "B")
    await browser.post("/api/keys", 403)
    browser.csrf_token = token
    await browser.post("/api/keys")


async def test_the_token_of_one_session_is_no_good_for_another(site: Site):
    browser, other = await site.user(), await site.user()
    browser.csrf_token = other.csrf_token
    await browser.post("/api/keys", 403)


async def test_the_token_from_before_the_login_is_no_good_after_it(site: Site):
    browser = site.browser()
    await browser.session()
    before = browser.csrf_token
    await browser.log_in()
    browser.csrf_token = before
    await browser.post("/api/keys", 403)


async def test_logging_out_ends_the_session_on_the_server(site: Site):
    browser = site.browser()
    await browser.log_in()
    secret = browser.secret
    assert await browser.post("/api/auth/logout") == {"redirect": None}
    thief = site.browser()
    thief.secret = secret
    await thief.get("/api/me", 401)


async def test_one_can_log_out_everywhere(site: Site):
    here, there = site.browser(), site.browser()
    await here.log_in()
    await there.log_in()
    sessions = (await here.get("/api/auth/sessions"))["items"]
    assert [one["current"] for one in sessions].count(True) == 1
    assert len(sessions) == 2
    await here.call("DELETE", "/api/auth/sessions", 204)
    await here.get("/api/me", 401)
    await there.get("/api/me", 401)


async def test_one_can_end_a_single_session_of_ones_own_and_no_other(site: Site):
    here, there, stranger = site.browser(), site.browser(), await site.user()
    await here.log_in()
    await there.log_in()
    other = next(one["id"] for one in (await here.get("/api/auth/sessions"))["items"] if not one["current"])
    await stranger.call("DELETE", f"/api/auth/sessions/{other}", 404)
    await here.call("DELETE", f"/api/auth/sessions/{other}", 204)
    await there.get("/api/me", 401)
    await here.get("/api/me")


async def test_an_idle_session_ends(site: Site):
    browser = site.browser()
    await browser.log_in()
    async with site.platform.pool.acquire() as connection:
        await connection.execute("UPDATE sessions SET last_seen_at = now() - interval '9 hours'")
    await browser.get("/api/me", 401)


async def test_a_session_ends_however_busy_it_is(site: Site):
    browser = site.browser()
    await browser.log_in()
    async with site.platform.pool.acquire() as connection:
        await connection.execute("UPDATE sessions SET expires_at = now()")
    await browser.get("/api/me", 401)


async def test_a_blocked_user_is_out_at_once(site: Site):
    browser, admin = await site.user(user_id="eve"), site.browser()
    await admin.log_in()
    await admin.call("PATCH", "/api/admin/users/eve", json={"blocked": True})
    await browser.get("/api/me", 401)


async def test_logins_are_in_the_audit_log_without_a_secret(site: Site):
    browser = site.browser()
    await browser.log_in()
    entries = (await browser.get("/api/admin/audit", action="log_in"))["items"]
    assert [entry["actor_id"] for entry in entries] == ["admin"]
    assert browser.secret not in str(await browser.get("/api/admin/audit", page_size=200))
