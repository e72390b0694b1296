"""Among how many are rate limits divided, and where?

All replicas must answer alike, or each store would hand out the whole.

Each replica says in the database whether its Redis answers, and where it has told what it uses. A replica that serves
alone counts for itself. As soon as there are two, both share: through Redis if every one of them reaches it, else
through PostgreSQL. Whoever changes the way tells the new store first what it uses, and nobody takes anything there
before all have done so. Somebody who does not, because it hangs or was killed, is waited for a little.

A replica that leaves has used something too: the last one goes on sharing until that has left the window.
"""

import asyncio
import logging
import time
from collections.abc import Callable

import asyncpg

from litemaas.domain.rate_limits.service import ShareService
from litemaas.domain.rate_limits.shares import ShareStore, StoreAwayError
from litemaas.domain.replicas.service import Roster
from litemaas.storage.postgres import PASSING_ERRORS

WAYS = ("alone", "redis", "postgres", "divided")
"""How a process can count rate limits."""

_SYNC_SECONDS = 0.25
_LOOK_SECONDS = 1.0
_WAIT_FOR_OTHERS_SECONDS = 2.0
_AWAY_SECONDS = 0.5
_STEADY_SECONDS = 3.0

_log = logging.getLogger(__name__)


class LimitSharing:
    """Decides how this process counts rate limits.

    Args:
        postgres: The store that is always there.
        redis: The one that is asked instead while it is there for all; None: this process has none.

    Attributes:
        changed: To be set when another replica said something new.
    """

    def __init__(
        self,
        roster: Roster,
        shares: ShareService,
        postgres: ShareStore,
        redis: ShareStore | None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.changed = asyncio.Event()
        self._roster = roster
        self._shares = shares
        self._postgres = postgres
        self._redis = redis
        self._monotonic = monotonic
        self._replicas = 1
        self._told: ShareStore | None = None
        self._open_at = 0.0
        self._away_since: float | None = None
        self._redis_steady_at = 0.0

    @property
    def way(self) -> str:
        """How this process counts now: one of `WAYS`."""
        if self._shares.store is not None:
            return self._shares.store.name
        return "alone" if self._shares.replicas == 1 else "divided"

    @property
    def misses_redis(self) -> bool:
        """Whether this process has a Redis that did not answer when we last looked."""
        return self._redis is not None and not self._roster.me.sees_redis

    async def join(self) -> None:
        """Find out how to count, before the first call is served.

        Raises:
            PASSING_ERRORS: The database does not answer.
        """
        await self._roster.say(sees_redis=await self._redis_answers(), shares_in="")
        await self._look()

    async def run(self) -> None:
        """Keep counting as the others do, until cancelled; then leave."""
        look_at = self._monotonic() + _LOOK_SECONDS
        try:
            while True:
                try:
                    async with asyncio.timeout(_SYNC_SECONDS):
                        await self.changed.wait()
                except TimeoutError:
                    pass  # time to sync
                working = await self._sync()
                if self.changed.is_set() or not working or self._monotonic() >= look_at:
                    self.changed.clear()
                    await self._look_somehow()
                    look_at = self._monotonic() + _LOOK_SECONDS
        finally:
            await self._leave()

    async def _sync(self) -> bool:
        """Keep our shares; tell whether that worked."""
        try:
            await self._shares.sync()
        except StoreAwayError:
            if self._away_since is None:
                self._away_since = self._monotonic()
            return False
        self._away_since = None
        return True

    async def _look_somehow(self) -> None:
        try:
            try:
                await self._look()
            except (asyncpg.PostgresError, *PASSING_ERRORS):
                await self._look_without_database()
        except StoreAwayError as error:
            _log.info("rate limits cannot be shared now: %s", error)

    async def _look(self) -> None:
        """See who is there, and count as all do."""
        sees_redis = await self._redis_answers()
        others = await self._roster.others()
        self._replicas = len(others) + 1
        store = None
        if others or await self._in_use(sees_redis=sees_redis):
            by_redis = sees_redis and all(one.sees_redis for one in others)
            store = self._redis if by_redis else self._postgres
        if store is not None:
            await self._share_through(store)
        elif self.way != "alone":
            self._told = None
            self._shares.be_alone()
        shares_in = store.name if store else ""
        await self._roster.say(sees_redis=sees_redis, shares_in=shares_in)
        if store is not None:
            agreed = all(one.shares_in == shares_in for one in others)
            self._shares.open = agreed or self._monotonic() >= self._open_at

    async def _look_without_database(self) -> None:
        """Nobody can come now; those who are there go on as they are, each with its part if there is no store."""
        away_since = self._away_since
        if (
            away_since is not None
            and self._monotonic() - away_since >= _AWAY_SECONDS
            and self._shares.store is not None
        ):
            _log.warning("rate limits are divided by the number of replicas, %d: no store answers", self._replicas)
            self._told = self._away_since = None
            self._shares.count_among(self._replicas)
        redis = self._redis
        if redis is None or self._roster.me.shares_in != redis.name:
            return
        if self.way == "divided" and await self._redis_answers():
            await self._share_through(redis)
        if self._shares.store is redis and self._monotonic() >= self._open_at:
            self._shares.open = True

    async def _share_through(self, store: ShareStore) -> None:
        if self._told is store:
            return
        if self._shares.store is not store:
            _log.warning("rate limits are shared through %s", store.name)
            self._open_at = self._monotonic() + _WAIT_FOR_OTHERS_SECONDS
        self._told = None
        await self._shares.move_to(store)
        self._told = store

    async def _redis_answers(self) -> bool:
        """Tell whether Redis answers, and has done so for a little."""
        if self._redis is None:
            return False
        try:
            await self._redis.in_use()
        except StoreAwayError:
            self._redis_steady_at = self._monotonic() + _STEADY_SECONDS
        return self._monotonic() >= self._redis_steady_at

    async def _in_use(self, *, sees_redis: bool) -> bool:
        """Tell whether replicas that are gone have used something lately."""
        if sees_redis and self._redis is not None and await self._redis.in_use():
            return True
        return await self._postgres.in_use()

    async def _leave(self) -> None:
        try:
            await self._shares.leave()
        except StoreAwayError:
            pass  # the shares end with their leases
        await self._roster.leave()
