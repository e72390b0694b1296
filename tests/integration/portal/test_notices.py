"""Channels of notices, as admins add, try and remove them in the UI."""

import pytest

from litemaas.domain.notices.entities import Event, Occurrence
from litemaas.domain.notices.outbox import announce
from support.mail_server import running_mail_server
from support.portal import Browser, Site
from support.upstream import Call, http, running_upstream

SECRET = "T0/B0/a-secret-of-slack"
CHANNELS = "/api/admin/notice-channels"


@pytest.fixture
async def admin(site: Site) -> Browser:
    browser = site.browser()
    await browser.log_in()
    return browser


async def _accept(call: Call) -> None:
    await call.send(http(b"ok"))


async def test_a_webhook_is_added_with_a_signing_key_shown_once_tried_and_removed(admin: Browser):
    async with running_upstream(_accept) as receiver:
        added = await admin.post(CHANNELS, name="ops/pager", kind="webhook", url=f"{receiver.url}/{SECRET}")
        assert added["signing_key"]
        assert added["item"]["events"] is None
        assert await admin.post(f"{CHANNELS}/ops%2Fpager/test") == {"ok": True, "error": None}
        assert [call.json["event"] for call in receiver.calls] == ["test"]
    listed = (await admin.send("GET", CHANNELS)).text
    assert "ops/pager" in listed
    assert SECRET not in listed
    assert added["signing_key"] not in listed
    await admin.call("DELETE", f"{CHANNELS}/ops%2Fpager", 204)
    assert (await admin.get(CHANNELS))["items"] == []


async def test_a_message_that_does_not_arrive_says_why(admin: Browser):
    await admin.post(CHANNELS, name="slack", kind="slack", url="http://127.0.0.1:9/hook", events=["key_expired"])
    outcome = await admin.post(f"{CHANNELS}/slack/test")
    assert not outcome["ok"]
    assert outcome["error"]


async def test_mail_goes_to_its_recipients(admin: Browser):
    async with running_mail_server() as server:
        mail = {
            "host": "127.0.0.1",
            "port": server.port,
            "security": "none",
            "sender": "we@here.test",
            "recipients": ["ada@there.test"],
        }
        added = await admin.post(CHANNELS, name="mail", kind="email", mail=mail)
        assert (added["signing_key"], added["item"]["place"]) == (None, f"ada@there.test by 127.0.0.1:{server.port}")
        assert (await admin.post(f"{CHANNELS}/mail/test"))["ok"]
        assert [recipients for recipients, _ in server.mails] == [["ada@there.test"]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "slack"},
        {"kind": "slack", "url": "ftp://host/hook"},
        {"kind": "email"},
        {"kind": "webhook", "url": "https://host/hook", "events": []},
        {"kind": "webhook", "url": "https://host/hook", "events": ["test"]},
        {"kind": "pigeon", "url": "https://host/hook"},
    ],
)
async def test_a_channel_that_nothing_could_go_through_is_refused(admin: Browser, wrong: dict[str, object]):
    await admin.post(CHANNELS, 400, name="wrong", **wrong)


async def test_notices_are_listed_with_how_far_they_have_come(site: Site, admin: Browser):
    await admin.post(CHANNELS, name="slack", kind="slack", url="http://127.0.0.1:9/hook")
    expired = Occurrence(event=Event.KEY_EXPIRED, subject="key:1", occasion="now", message="The key laptop has ended")
    async with site.platform.pool.acquire() as connection:
        await announce(connection, expired)
    (notice,) = (await admin.get("/api/admin/notices"))["items"]
    assert (notice["event"], notice["message"]) == ("key_expired", "The key laptop has ended")
    assert [one["channel"] for one in notice["deliveries"]] == ["slack"]


async def test_channels_are_in_the_audit_log_without_what_is_secret(admin: Browser):
    await admin.post(CHANNELS, name="slack", kind="slack", url=f"https://hooks.example.test/{SECRET}")
    await admin.call("DELETE", f"{CHANNELS}/slack", 204)
    told = (await admin.get("/api/admin/audit", subject_kind="notice channel"))["items"]
    assert [one["action"] for one in told] == ["remove", "add"]
    assert SECRET not in str(told)
