"""Sends notices: to webhooks, Slack and Teams by HTTP, to people by e-mail."""

from litemaas.providers.notices.errors import ForbiddenAddressError, SendError
from litemaas.providers.notices.mail import MailServer, send_mail
from litemaas.providers.notices.messages import Message
from litemaas.providers.notices.webhooks import SIGNATURE_HEADER, send_to_slack, send_to_teams, send_to_webhook, sign

__all__ = [
    "SIGNATURE_HEADER",
    "ForbiddenAddressError",
    "MailServer",
    "Message",
    "SendError",
    "send_mail",
    "send_to_slack",
    "send_to_teams",
    "send_to_webhook",
    "sign",
]
