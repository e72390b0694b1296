"""A mail server on a free port: SMTP with STARTTLS and AUTH PLAIN, and the mail that it was given."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """The server.

    Attributes:
        password: The only one that is let in; None: whoever comes.
        mails: What it took, each with its recipients.
        secured: Whether the last mail came over TLS.
    """

    tls: ssl.SSLContext | None
    password: str | None = None
    port: int = 0
    mails: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    secured: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipients, secured = [], False
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().rstrip("\r\n"):
            match line.partition(" ")[0].upper():
                case "EHLO":
                    offers = ["here"] + (["STARTTLS"] if self.tls and not secured else []) + ["AUTH PLAIN"]
                    last = offers.pop()
                    writer.write("".join(f"250-{offer}\r\n" for offer in offers).encode() + f"250 {last}\r\n".encode())
                case "STARTTLS":
                    writer.write(b"220 go on\r\n")
                    await writer.start_tls(self.tls)
                    secured = True
                case "AUTH":
                    given = base64.b64decode(line.rpartition(" ")[2]).split(b"\0")[-1].decode()
                    writer.write(b"235 in\r\n" if given == self.password else b"535 out\r\n")
                case "RCPT":
                    recipients.append(line.partition("<")[2].rstrip(">"))
                    writer.write(b"550 nobody\r\n" if "nobody" in line else b"250 ok\r\n")
                case "DATA":
                    writer.write(b"354 send\r\n")
                    data = (await reader.readuntil(b"\r\n.\r\n"))[:-3]
                    self.mails.append((recipients, message_from_bytes(data, policy=policy.default)))
                    self.secured = secured
                    writer.write(b"250 taken\r\n")
                case "QUIT":
                    writer.write(b"221 bye\r\n")
                    break
                case _:
                    writer.write(b"250 ok\r\n")
        writer.close()


@asynccontextmanager
async def running_mail_server(
    tls: ssl.SSLContext | None = None, password: str | None = None
) -> AsyncIterator[MailServer]:
    mail_server = MailServer(tls, password)
    server = await asyncio.start_server(mail_server.serve, "127.0.0.1", 0)
    mail_server.port = server.sockets[0].getsockname()[1]
    try:
        yield mail_server
    finally:
        server.close()
