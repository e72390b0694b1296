CHANNEL = {"name": "ops", "kind": "slack", "place": "https://hooks.test", "events": None, "created_by": "master key"}


def test_a_webhook_is_added_and_its_signing_key_printed_alone(api, run):
    api.answer("POST", "/notice_channel/new", {"channel": CHANNEL, "signing_key": "whsec"})
    result = run(
        "notice-channel", "add", "ops", "--kind", "webhook", "--address-stdin", input="https://hooks.test/canary\n"
    )
    assert result.stdout == "whsec\n"
    sent = {"name": "ops", "kind": "webhook", "link_local": False, "url": "https://hooks.test/canary"}
    assert api.requests == [("POST", "/notice_channel/new", sent)]


def test_a_mail_channel_takes_its_password_from_a_variable(api, run):
    api.answer("POST", "/notice_channel/new", {"channel": CHANNEL, "signing_key": None})
    words = ("--smtp-host", "mail.test", "--smtp-username", "we", "--smtp-password-env", "MAIL_PASSWORD")
    addresses = ("--from", "we@here.test", "--to", "ada@there.test", "--event", "key_expired")
    result = run(
        *("notice-channel", "add", "mail", "--kind", "email", *words, *addresses), env={"MAIL_PASSWORD": "open sesame"}
    )
    assert result.exit_code == 0
    ((_, _, body),) = api.requests
    assert body["events"] == ["key_expired"]
    assert body["mail"] == {
        "host": "mail.test",
        "port": 587,
        "security": "starttls",
        "username": "we",
        "sender": "we@here.test",
        "recipients": ["ada@there.test"],
        "password": "open sesame",
    }


def test_two_sources_of_one_address_are_refused(api, run):
    words = ("--kind", "slack", "--address", "https://a.test", "--address-env", "HOOK")
    result = run("notice-channel", "add", "ops", *words, env={"HOOK": "https://b.test"})
    assert result.exit_code == 2
    assert api.requests == []


def test_channels_are_listed_with_what_goes_through_them(api, run):
    api.answer("GET", "/notice_channel/list", {"channels": [CHANNEL]})
    output = run("notice-channel", "list").output
    for cell in ("ops", "slack", "https://hooks.test", "all", "master key"):
        assert cell in output


def test_a_channel_that_does_not_work_ends_the_command_with_its_reason(api, run):
    api.answer("POST", "/notice_channel/test", {"sent": False, "error": "hooks.test answers with status 404"})
    result = run("notice-channel", "test", "ops")
    assert result.exit_code == 1
    assert "hooks.test answers with status 404" in result.output


def test_a_channel_is_removed_after_a_question(api, run):
    api.answer("POST", "/notice_channel/delete", CHANNEL)
    assert run("notice-channel", "remove", "ops", input="n\n").exit_code == 1
    assert api.requests == []
    assert run("notice-channel", "remove", "ops", "--yes").output == "Removed ops.\n"


def test_history_shows_what_was_not_sent(api, run):
    dead = {"channel": "ops", "state": "dead", "last_error": "no answer"}
    sent = {"channel": "mail", "state": "sent", "last_error": None}
    notice = {
        "at": "2026-11-22T12:00:00+00:00",
        "event": "key_expired",
        "message": "The key x has expired",
        "deliveries": [sent, dead],
    }
    api.answer("GET", "/notice/list", {"notices": [notice]})
    assert "mail, ops (dead: no answer)" in run("notice-channel", "history").output


def test_a_mail_channel_that_lacks_something_names_the_options(api, run):
    result = run("notice-channel", "add", "mail", "--kind", "email", "--smtp-host", "mail.test")
    assert (result.exit_code, "needs --from and --to" in result.stderr) == (2, True)
    assert api.requests == []
