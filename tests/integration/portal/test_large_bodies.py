"""Bodies that nobody needs: the portal keeps none, least of all of somebody who is not logged in."""

import pytest

from support.portal import Site

KIBIBYTE = 1024


@pytest.mark.parametrize("path", ["/api/auth/password", "/api/keys"])
async def test_a_body_of_somebody_who_is_not_logged_in_is_not_kept(site: Site, path):
    left = 1024

    async def body():
        nonlocal left
        while left:
            left -= 1
            yield b" " * KIBIBYTE

    browser = site.browser()
    await browser.session()
    answer = await browser.send("POST", path, content=body(), headers={"content-type": "application/json"})
    assert answer.status_code == (413 if path.endswith("password") else 401)
    assert answer.json()["error"]["type"]
    assert left > 1000


async def test_a_body_beyond_any_use_is_refused(site: Site):
    browser = await site.user()
    answer = await browser.call("POST", "/api/keys", 413, json={"alias": "a" * 2 * KIBIBYTE * KIBIBYTE})
    assert answer["error"]["code"] == "request_too_large"
