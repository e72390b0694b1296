"""One server process whose whole OpenAPI page is called."""

from support.sdk import server

__all__ = ["server"]
