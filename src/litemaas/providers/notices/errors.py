"""Why a message was not sent; the sentences name no secret part of an address."""


class SendError(Exception):
    """The other side was not reached, or did not take the message."""


class ForbiddenAddressError(SendError):
    """The address belongs to a network that messages are not sent to."""
