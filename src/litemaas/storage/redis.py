"""Redis or Valkey: how a client is opened. Only processes that have a `REDIS_URL` import this: the library is large."""

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

_SECONDS = 1.0


def open_redis(url: str) -> Redis:
    """A client of the server at `url` (`redis://`, `rediss://` or `unix://`); it connects when it is used.

    It waits a second at most and repeats nothing: who asks has something else to do when Redis is away.

    Raises:
        ValueError: The URL cannot be read.
    """
    return Redis.from_url(
        url,
        socket_timeout=_SECONDS,
        socket_connect_timeout=_SECONDS,
        retry=Retry(NoBackoff(), 0),
        client_name="litemaas",
    )
