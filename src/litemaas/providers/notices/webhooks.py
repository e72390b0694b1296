"""Messages by HTTP: generic JSON with a signature, and the shapes that Slack and Teams want.

One request on a connection of its own: no redirect is followed, nothing but the status is looked at, and the address is
one that messages may be sent to.
"""

import hmac
import json
import ssl
import time
from collections.abc import Mapping
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from litemaas.providers.notices.addresses import open_socket
from litemaas.providers.notices.errors import SendError
from litemaas.providers.notices.messages import PRODUCT, Message

SIGNATURE_HEADER = "X-LiteMaaS-Signature"

_SECONDS = 10.0
_OK = range(200, 300)
_LONGEST_ANSWER = 200


def sign(signing_key: str, timestamp: str, body: bytes) -> str:
    """The signature of a webhook's body: HMAC-SHA256 of `<timestamp>.<body>`, in hexadecimal after `v1=`.

    The time is signed too, so that a receiver can refuse what somebody recorded and sends again.
    """
    return "v1=" + hmac.new(signing_key.encode(), timestamp.encode() + b"." + body, sha256).hexdigest()


def send_to_webhook(
    url: str, signing_key: str, message: Message, tls: ssl.SSLContext, *, link_local: bool = False
) -> None:
    """Send `message` as JSON, signed in `X-LiteMaaS-Signature` with the time of `X-LiteMaaS-Timestamp`.

    Raises:
        SendError: It was not taken.
    """
    body = _encode(
        {
            "id": str(message.id),
            "event": message.event,
            "subject": message.subject,
            "at": message.at.isoformat(),
            "message": message.text,
            "details": message.details,
        }
    )
    timestamp = str(int(time.time()))
    headers = {"X-LiteMaaS-Timestamp": timestamp, SIGNATURE_HEADER: sign(signing_key, timestamp, body)}
    _post(url, headers, body, tls, link_local=link_local)


def send_to_slack(url: str, message: Message, tls: ssl.SSLContext, *, link_local: bool = False) -> None:
    """Send `message` to a Slack incoming webhook; raises as `send_to_webhook`."""
    text = _escape_for_slack(f"*{message.title}*\n{message.text}")
    _post(url, {}, _encode({"text": text}), tls, link_local=link_local)


def send_to_teams(url: str, message: Message, tls: ssl.SSLContext, *, link_local: bool = False) -> None:
    """Send `message` as an adaptive card to a Teams workflow's webhook; raises as `send_to_webhook`."""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": message.title, "weight": "Bolder", "size": "Medium", "wrap": True},
            {"type": "TextBlock", "text": message.text, "wrap": True},
            {"type": "FactSet", "facts": [{"title": "When", "value": message.at.isoformat(timespec="seconds")}]},
        ],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    _post(url, {}, _encode({"type": "message", "attachments": [attachment]}), tls, link_local=link_local)


def _encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode()


def _escape_for_slack(text: str) -> str:
    """Slack's own three characters, so that no name in a message becomes a link or a mention."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _post(url: str, headers: Mapping[str, str], body: bytes, tls: ssl.SSLContext, *, link_local: bool) -> None:
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    connection = HTTPSConnection(host, port, context=tls) if secure else HTTPConnection(host, port)
    try:
        plain = open_socket(host, port, _SECONDS, link_local=link_local)
        # Set beforehand, it is not looked up again.
        connection.sock = tls.wrap_socket(plain, server_hostname=host) if secure else plain
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        about = {"Content-Type": "application/json", "User-Agent": PRODUCT, "Connection": "close", **headers}
        connection.request("POST", path, body, about)
        answer = connection.getresponse()
        if answer.status not in _OK:
            told = answer.read(_LONGEST_ANSWER).decode(errors="replace")
            raise SendError(f"{host} answers with status {answer.status}: {told}".rstrip(": "))
    except ssl.SSLCertVerificationError as error:
        raise SendError(f"The certificate of {host} is not trusted: {error.verify_message}.") from error
    except (OSError, HTTPException, ValueError) as error:
        raise SendError(f"{host} broke the connection off: {type(error).__name__}.") from error
    finally:
        connection.close()
