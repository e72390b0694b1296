"""Header lines by which an answer tells that its model goes out of use."""

from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from urllib.parse import quote

from litemaas.domain.catalog.entities import Retirement


def retirement_lines(retirement: Retirement | None) -> str:
    """`Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a link to the successor (RFC 5829), as far as they are known.

    Days begin at midnight, UTC. The link leads to the successor's entry in `/v1/models`.
    """
    if retirement is None:
        return ""
    lines = ""
    if retirement.deprecated_on is not None:
        lines += f"deprecation: @{int(_midnight(retirement.deprecated_on).timestamp())}\r\n"
    if retirement.sunset_on is not None:
        lines += f"sunset: {format_datetime(_midnight(retirement.sunset_on), usegmt=True)}\r\n"
    if retirement.successor is not None:
        lines += f'link: </v1/models/{quote(retirement.successor, safe="")}>; rel="successor-version"\r\n'
    return lines


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
