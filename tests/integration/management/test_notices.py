from support.management import Api, Platform
from support.upstream import Call, http, running_upstream


async def take(call: Call) -> None:
    await call.send(http(b"{}"))


async def test_a_channel_is_added_tried_listed_and_removed_and_the_log_says_who(api: Api, platform: Platform):
    async with running_upstream(take) as receiver:
        url = f"{receiver.url}/canary"
        added = await api.post("/notice_channel/new", name="ops", kind="webhook", url=url, events=["key_expired"])
        assert added["signing_key"]
        assert added["channel"]["place"] == f"http://{receiver.address}"
        assert await api.post("/notice_channel/test", name="ops") == {"sent": True, "error": None}
        listed = await api.get("/notice_channel/list")
        assert listed["channels"] == [added["channel"]]
        assert (await api.post("/notice_channel/delete", name="ops"))["name"] == "ops"
        assert await api.get("/notice_channel/list") == {"channels": []}
    actions = await platform.pool.fetch(
        "SELECT action FROM audit_log WHERE subject_kind = 'notice channel' ORDER BY at"
    )
    assert [row["action"] for row in actions] == ["add", "test", "remove"]
    for answer in (added, listed):
        assert "canary" not in str(answer)


async def test_a_channel_that_leads_nowhere_says_why(api: Api):
    await api.post("/notice_channel/new", name="ops", kind="slack", url="http://127.0.0.1:1/canary")
    told = await api.post("/notice_channel/test", name="ops")
    assert told == {"sent": False, "error": "127.0.0.1:1 does not answer: Connection refused."}


async def test_a_channel_that_cannot_be_is_a_bad_request(api: Api):
    no_server = await api.error("POST", "/notice_channel/new", 400, json={"name": "mail", "kind": "email"})
    assert "at least one recipient" in no_server["message"]
    await api.error("POST", "/notice_channel/new", 400, json={"name": "x", "kind": "pigeon"})
    await api.error("POST", "/notice_channel/test", 404, json={"name": "ops"})
    await api.holding("sk-unknown").error("GET", "/notice_channel/list", 401)


async def test_notices_are_listed_with_what_became_of_them(api: Api, platform: Platform):
    await api.post("/notice_channel/new", name="ops", kind="slack", url="https://hooks.test/x")
    await platform.pool.execute(
        "INSERT INTO notices (id, event, subject, occasion, at, message)"
        " VALUES (gen_random_uuid(), 'key_expired', 'key:1', '1', now(), 'The key x has expired')"
    )
    await platform.pool.execute(
        "INSERT INTO notice_deliveries (notice_id, channel_id, state, last_error)"
        " SELECT n.id, c.id, 'dead', 'no answer' FROM notices n, notice_channels c"
    )
    (notice,) = (await api.get("/notice/list"))["notices"]
    assert (notice["event"], notice["message"]) == ("key_expired", "The key x has expired")
    (delivery,) = notice["deliveries"]
    assert (delivery["channel"], delivery["state"], delivery["last_error"]) == ("ops", "dead", "no answer")
