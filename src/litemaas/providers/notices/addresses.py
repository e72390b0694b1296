"""Where messages may be sent: not to link-local addresses, where clouds answer with credentials (SSRF).

The address is looked up here and connected to as it was found: a name that changes its meaning between the check and
the connection (DNS rebinding) gains nothing. Private and loopback addresses are allowed: there are an organisation's
own receivers.
"""

import socket

from litemaas.providers.metadata_addresses import leads_to_metadata
from litemaas.providers.notices.errors import ForbiddenAddressError, SendError


def look_up(host: str, port: int, *, link_local: bool) -> list[str]:
    """The addresses of `host`. Blocks; call it in a thread.

    Raises:
        SendError: There are none.
        ForbiddenAddressError: One of them is link-local or a cloud's metadata service, and that is not allowed.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SendError(f"The host name {host} is not known.") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not link_local and leads_to_metadata(address):
            raise ForbiddenAddressError(
                f"{host} leads to {address}, a link-local or metadata address; nothing is sent there unless allowed."
            )
    return addresses


def open_socket(host: str, port: int, seconds: float, *, link_local: bool) -> socket.socket:
    """Connect to the first of the addresses that answers. Blocks; call it in a thread.

    Raises:
        SendError: As `look_up`, or nothing answers.
    """
    failure: OSError | None = None
    for address in look_up(host, port, link_local=link_local):
        try:
            return socket.create_connection((address, port), seconds)
        except OSError as error:
            failure = error
    raise SendError(f"{host}:{port} does not answer: {getattr(failure, 'strerror', None) or failure}.") from failure
