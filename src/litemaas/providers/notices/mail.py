"""Messages by e-mail: SMTP with STARTTLS or TLS, the server's certificate checked."""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from msgspec import Struct

from litemaas.providers.notices.addresses import open_socket
from litemaas.providers.notices.errors import SendError
from litemaas.providers.notices.messages import PRODUCT, Message

_SECONDS = 10.0
_LONGEST_ANSWER = 200


class MailServer(Struct, frozen=True, kw_only=True):
    """The server that takes our mail.

    Attributes:
        security: `starttls`, `tls` from the first byte, or `none`.
        password: Sent only over TLS.
    """

    host: str
    port: int
    security: str
    username: str | None = None
    password: str | None = None


class _Smtp(smtplib.SMTP):
    """A client that connects only where messages may be sent."""

    def __init__(self, server: MailServer, tls: ssl.SSLContext, *, link_local: bool) -> None:
        self._tls = tls if server.security == "tls" else None
        self._link_local = link_local
        super().__init__(server.host, server.port, timeout=_SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = open_socket(host, port, timeout, link_local=self._link_local)
        return self._tls.wrap_socket(plain, server_hostname=host) if self._tls else plain


def send_mail(
    server: MailServer,
    sender: str,
    recipients: Sequence[str],
    message: Message,
    tls: ssl.SSLContext,
    *,
    link_local: bool = False,
) -> None:
    """Send `message` to all recipients. Blocks; call it in a thread.

    Raises:
        SendError: The server was not reached, is not trusted, or refused it for anybody.
    """
    try:
        with _Smtp(server, tls, link_local=link_local) as client:
            if server.security == "starttls":
                client.starttls(context=tls)
            if server.username:
                client.login(server.username, server.password or "")
            refused = client.send_message(_mail(sender, recipients, message), sender, list(recipients))
    except ssl.SSLCertVerificationError as error:
        raise SendError(f"The certificate of {server.host} is not trusted: {error.verify_message}.") from error
    except smtplib.SMTPAuthenticationError as error:
        raise SendError(f"{server.host} refuses the user name or the password.") from error
    except smtplib.SMTPResponseException as error:
        told = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        raise SendError(f"{server.host} answers {error.smtp_code}: {told[:_LONGEST_ANSWER]}") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise SendError(f"{server.host} takes no mail for {', '.join(error.recipients)}.") from error
    except (OSError, ValueError, smtplib.SMTPException) as error:  # ValueError: an address that is none
        raise SendError(f"{server.host} does not take the mail: {error or type(error).__name__}") from error
    if refused:
        raise SendError(f"{server.host} takes no mail for {', '.join(refused)}.")


def _mail(sender: str, recipients: Sequence[str], message: Message) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = ", ".join(recipients)
    mail["Subject"] = f"{PRODUCT}: {message.event.replace('_', ' ')}"
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = make_msgid(str(message.id), "litemaas")
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    details = "".join(f"{name}: {value}\n" for name, value in message.details.items() if value is not None)
    mail.set_content(f"{message.text}.\n\n{details}\nWhen: {message.at.isoformat(timespec='seconds')}\n")
    return mail
