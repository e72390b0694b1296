"""Answers of models in Redis, for as long as their model's cache keeps them.

A cache that does not answer must not hold up calls: after a failure it is left alone for a little, and what it would
have known is asked of the model.
"""

import asyncio
import logging
import time
from typing import cast

import msgspec
from msgspec import Struct
from redis.asyncio import Redis
from redis.exceptions import RedisError

_PREFIX = "litemaas:answer:"
_REST_SECONDS = 5.0
_AWAY = (RedisError, OSError)

_log = logging.getLogger(__name__)


class StoredAnswer(Struct, frozen=True, array_like=True):
    """What a client was told."""

    content_type: bytes
    body: bytes


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(StoredAnswer).decode


class AnswerStore:
    """The keys `litemaas:answer:*`.

    Attributes:
        hits: Answers that were found.
        misses: Answers that were not.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._rests_until = 0.0
        self._writing: set[asyncio.Task[None]] = set()
        self.hits = 0
        self.misses = 0

    async def find(self, key: str) -> StoredAnswer | None:
        """The answer under `key`, if there is one and Redis tells."""
        found: bytes | None = None
        if time.monotonic() >= self._rests_until:
            try:
                found = cast("bytes | None", await self._redis.get(_PREFIX + key))
            except _AWAY as error:
                self._rest(error)
        try:
            answer = None if found is None else _decode(found)
        except msgspec.DecodeError:  # another version's
            answer = None
        self.hits += answer is not None
        self.misses += answer is None
        return answer

    def keep(self, key: str, answer: StoredAnswer, seconds: int) -> None:
        """Keep an answer for `seconds`, in the background."""
        if time.monotonic() >= self._rests_until:
            task = asyncio.get_running_loop().create_task(self._write(_PREFIX + key, _encode(answer), seconds))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    async def can_be_reached(self) -> bool:
        """Tell whether Redis answers now."""
        try:
            return bool(await self._redis.ping())
        except _AWAY:
            return False

    async def _write(self, key: str, value: bytes, seconds: int) -> None:
        try:
            await self._redis.set(key, value, ex=seconds)
        except _AWAY as error:
            self._rest(error)

    def _rest(self, error: Exception) -> None:
        self._rests_until = time.monotonic() + _REST_SECONDS
        _log.warning("the response cache is left alone for %g s: %s", _REST_SECONDS, type(error).__name__)
