import hmac
import json
from hashlib import sha256

import pytest

from litemaas.domain.administration.notice_channels import ChannelOrder
from litemaas.domain.notices.entities import Kind, MailOptions
from litemaas.domain.notices.errors import ChannelExistsError, ChannelNotFoundError, ChannelRefusedError
from litemaas.providers.notices.addresses import look_up
from litemaas.providers.notices.errors import ForbiddenAddressError
from litemaas.settings import Secret
from support.mail_server import running_mail_server
from support.notices import OPERATOR
from support.upstream import Call, http, running_upstream


async def test_a_webhook_gets_json_whose_signature_proves_sender_and_time(notifier, receiver):
    await notifier.add("ops", Kind.WEBHOOK, f"{receiver.url}/hook?team=lab")
    assert await notifier.channels.test(OPERATOR, "ops") is None

    (call,) = receiver.calls
    assert call.path == "/v1/hook?team=lab"
    assert call.json["event"] == "test"
    timestamp = call.headers["x-litemaas-timestamp"]
    key = notifier.signing_keys["ops"].encode()
    expected = hmac.new(key, timestamp.encode() + b"." + call.body, sha256).hexdigest()
    assert call.headers["x-litemaas-signature"] == f"v1={expected}"


async def test_slack_gets_text_in_which_no_name_becomes_a_link(notifier, receiver):
    await notifier.add("<!channel>", Kind.SLACK, receiver.url)
    assert await notifier.channels.test(OPERATOR, "<!channel>") is None
    assert "&lt;!channel&gt;" in receiver.calls[0].json["text"]


async def test_teams_gets_an_adaptive_card(notifier, receiver):
    await notifier.add("ops", Kind.TEAMS, receiver.url)
    assert await notifier.channels.test(OPERATOR, "ops") is None
    (attachment,) = receiver.calls[0].json["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert "through the channel ops" in json.dumps(attachment["content"])


async def test_mail_goes_by_starttls_with_a_password(notifier, authority):
    async with running_mail_server(authority.server_context(), "open sesame") as server:
        mail = MailOptions(
            host="127.0.0.1", port=server.port, username="we", sender="we@here.test", recipients=["ada@there.test"]
        )
        order = ChannelOrder(name="mail", kind=Kind.EMAIL, mail=mail, password=Secret("open sesame"))
        await notifier.channels.add(OPERATOR, order)
        assert await notifier.channels.test(OPERATOR, "mail") is None
        ((recipients, told),) = server.mails
    assert server.secured
    assert recipients == ["ada@there.test"]
    assert (told["Subject"], told["Auto-Submitted"]) == ("LiteMaaS: test", "auto-generated")
    assert "arrive through the channel mail" in told.get_content()


@pytest.mark.parametrize(
    ("trusted", "password", "recipient", "reason"),
    [
        (False, "open sesame", "ada@there.test", "is not trusted"),
        (True, "guess", "ada@there.test", "refuses the user name or the password"),
        (True, "open sesame", "nobody@there.test", "takes no mail for nobody@there.test"),
    ],
)
async def test_mail_that_does_not_go_through_says_why(
    notifier, authority, tmp_path, trusted, password, recipient, reason
):
    signer = authority if trusted else type(authority)(tmp_path, "stranger")
    async with running_mail_server(signer.server_context(), "open sesame") as server:
        mail = MailOptions(
            host="127.0.0.1", port=server.port, username="we", sender="we@here.test", recipients=[recipient]
        )
        order = ChannelOrder(name="mail", kind=Kind.EMAIL, mail=mail, password=Secret(password))
        await notifier.channels.add(OPERATOR, order)
        error = await notifier.channels.test(OPERATOR, "mail")
        assert reason in error
        assert password not in error
        assert not server.mails


async def test_a_mail_server_without_tls_gets_no_mail_by_starttls(notifier):
    async with running_mail_server() as server:
        mail = MailOptions(host="127.0.0.1", port=server.port, sender="we@here.test", recipients=["ada@there.test"])
        await notifier.channels.add(OPERATOR, ChannelOrder(name="mail", kind=Kind.EMAIL, mail=mail))
        assert "STARTTLS" in await notifier.channels.test(OPERATOR, "mail")
        assert not server.mails


async def test_a_webhook_with_a_strange_certificate_gets_nothing(notifier, authority, tmp_path):
    async def take(call: Call) -> None:
        await call.send(http(b"{}"))

    for signer, reason in ((authority, None), (type(authority)(tmp_path, "stranger"), "is not trusted")):
        async with running_upstream(take, tls=signer.server_context()) as receiver:
            name = f"hook {reason}"
            await notifier.add(name, Kind.WEBHOOK, receiver.url)
            error = await notifier.channels.test(OPERATOR, name)
            assert error is None if reason is None else reason in error
            assert len(receiver.calls) == (reason is None)


@pytest.mark.parametrize("address", ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "0.0.0.0"])
async def test_nothing_is_sent_to_metadata_addresses_unless_allowed(notifier, address):
    await notifier.add("cloud", Kind.WEBHOOK, f"http://{address}/latest")
    assert "nothing is sent there unless allowed" in await notifier.channels.test(OPERATOR, "cloud")


def test_a_link_local_address_can_be_allowed():
    with pytest.raises(ForbiddenAddressError):
        look_up("169.254.169.254", 80, link_local=False)
    assert look_up("169.254.169.254", 80, link_local=True) == ["169.254.169.254"]


async def test_a_redirect_is_not_followed(notifier, receiver):
    async def redirect(call: Call) -> None:
        await call.send(http(b"", f"302 Found\r\nlocation: {receiver.url}/elsewhere"))

    receiver.script = redirect
    await notifier.add("ops", Kind.WEBHOOK, receiver.url)
    assert "status 302" in await notifier.channels.test(OPERATOR, "ops")
    assert len(receiver.calls) == 1


async def test_no_secret_of_a_channel_is_stored_in_the_clear_or_told(notifier, pool):
    await notifier.add("ops", Kind.SLACK, "https://hooks.slack.test/services/T0/B0/canary")
    key = notifier.signing_keys["ops"]
    for table in ("notice_channels", "audit_log"):
        rows = " ".join(str(dict(row)) for row in await pool.fetch(f"SELECT * FROM {table}"))
        assert "canary" not in rows
        assert "hooks.slack.test" in rows
    assert key == ""
    assert "canary" not in str(await notifier.channels.all())


MAIL = MailOptions(host="h", sender="s@h", recipients=["r@h"])
REFUSED = {
    "no URL": ChannelOrder(name="x", kind=Kind.WEBHOOK),
    "no scheme": ChannelOrder(name="x", kind=Kind.SLACK, url=Secret("hooks.test/x")),
    "another scheme": ChannelOrder(name="x", kind=Kind.SLACK, url=Secret("file:///etc/passwd")),
    "a password in the URL": ChannelOrder(name="x", kind=Kind.TEAMS, url=Secret("https://a:b@hooks.test")),
    "no port": ChannelOrder(name="x", kind=Kind.TEAMS, url=Secret("https://hooks.test:port")),
    "an unknown event": ChannelOrder(name="x", kind=Kind.SLACK, url=Secret("https://h.test"), events=["rain"]),
    "no event": ChannelOrder(name="x", kind=Kind.SLACK, url=Secret("https://h.test"), events=[]),
    "no mail server": ChannelOrder(name="x", kind=Kind.EMAIL),
    "a password without TLS": ChannelOrder(
        name="x",
        kind=Kind.EMAIL,
        password=Secret("p"),
        mail=MailOptions(host="h", sender="s@h", recipients=["r@h"], security="none"),
    ),
    "two recipients in one": ChannelOrder(
        name="x", kind=Kind.EMAIL, mail=MailOptions(host="h", sender="s@h", recipients=["r@h, q@h"])
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
async def test_a_channel_through_which_nothing_could_go_is_refused(notifier, kind):
    with pytest.raises(ChannelRefusedError):
        await notifier.channels.add(OPERATOR, REFUSED[kind])
    assert await notifier.channels.all() == []


async def test_channels_are_known_by_name(notifier):
    await notifier.add("ops", Kind.SLACK, "https://hooks.test/x")
    with pytest.raises(ChannelExistsError):
        await notifier.add("ops", Kind.SLACK, "https://hooks.test/y")
    await notifier.channels.remove(OPERATOR, "ops")
    with pytest.raises(ChannelNotFoundError):
        await notifier.channels.test(OPERATOR, "ops")
