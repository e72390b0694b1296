"""Keeps this replica's shares: asks for more when a call needs it, renews what is in use, gives back what others want.

Who else there is, and which store all of them use, is decided elsewhere (`sharing`): here it is one of three ways of
counting. Alone, each scope has its limits to itself. With a store, it has a share. With others but no store, it has the
limits divided by their number, which is all that can be known.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import NamedTuple

from litemaas.domain.errors import RateLimitedError
from litemaas.domain.rate_limits.scopes import RateLimits, Scope, Scopes, ShareTooSmallError, check_all
from litemaas.domain.rate_limits.shares import Amounts, Claim, ShareStore, StoreAwayError, Want

LEASE_SECONDS = 10.0
_RENEWALS_PER_LEASE = 3
_PATIENCE_SECONDS = 3.0
_REFUSAL_SECONDS = 0.25
_RETRY_SECONDS = 0.05
_LINE_SECONDS = 1.0
_LINE_RETRY_SECONDS = 0.1
_NEVER = float("-inf")


class _Fetching(NamedTuple):
    """Somebody fetches room for calls in line; `freed` lets it ask at once."""

    task: asyncio.Task[None]
    freed: asyncio.Event


class ShareService:
    """The shares of one process.

    Args:
        monotonic: Clock of windows and leases, in seconds.
        patience: How long a call waits for others to give back what they do not use.

    Attributes:
        store: Where the limits are divided; None: nowhere.
        open: Whether the store may be asked: all replicas have told it what they use.
        replicas: By how many the limits are divided, where there is no store.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, patience: float = _PATIENCE_SECONDS) -> None:
        self.store: ShareStore | None = None
        self.open = False
        self.replicas = 1
        self._monotonic = monotonic
        self._patience = patience
        self._watched: list[Scopes] = []
        self._renewed_at = _NEVER
        self._fetching: dict[Scope, _Fetching] = {}

    def watch(self, scopes: Scopes) -> None:
        """Look after all of `scopes`, also those to come."""
        self._watched.append(scopes)

    def bound(self, scope: Scope) -> None:
        """Set the bounds of a scope that is new, or whose limits changed."""
        scope.refused_until = 0.0
        if self.store is not None:
            scope.hold(scope.usage(self._monotonic()), scope.bounds_until if scope.shared else _NEVER)
            return
        scope.own()
        if self.replicas > 1:
            scope.bounds = RateLimits(*(limit and max(1, limit // self.replicas) for limit in scope.limits))

    # --- ways of counting ---

    def be_alone(self) -> None:
        """Have all limits to ourselves."""
        self.count_among(1)

    def count_among(self, replicas: int) -> None:
        """Count for ourselves, with each limit divided by the number of `replicas`."""
        self.store, self.replicas, self.open = None, replicas, True
        for scope in self._scopes():
            self.bound(scope)

    async def move_to(self, store: ShareStore) -> None:
        """Share limits through `store`, and tell it first what is in use here.

        Raises:
            StoreAwayError: It does not answer; nothing more can be taken until it does.
        """
        self.store, self.open = store, False
        now, scopes = self._monotonic(), self._scopes()
        for scope in scopes:
            scope.hold(scope.usage(now), _NEVER)
            scope.refused_until = 0.0
        await store.declare([_claim(scope, now) for scope in scopes], LEASE_SECONDS)
        for scope in scopes:
            scope.bounds_until = now + LEASE_SECONDS

    async def leave(self) -> None:
        """End: what was used stays set aside in the store until it has left the window."""
        if self.store is not None:
            now, self.open = self._monotonic(), False
            for scope in self._scopes():
                scope.hold(scope.usage(now), _NEVER)
            await self.store.declare([_claim(scope, now) for scope in self._scopes()], 0.0)

    # --- room for calls ---

    async def make_room(self, scopes: Sequence[Scope], tokens: int) -> None:
        """Return, in the same turn, when a call that reserves `tokens` fits all `scopes`.

        Raises:
            RateLimitedError: It does not, and does not in time.
        """
        deadline = self._monotonic() + self._patience
        while True:
            try:
                check_all(scopes, self._monotonic(), tokens)
            except ShareTooSmallError as lack:
                await self._fetch(lack.scope, tokens, deadline)
            else:
                return

    def fetch_soon(self, scope: Scope, tokens: int) -> None:
        """Fetch room in the background for a call that stands in line, unless that is being done already."""
        fetching = self._fetching.get(scope)
        if fetching is not None:
            if scope.has_place():  # one came free since the store was told
                fetching.freed.set()
            return
        freed = asyncio.Event()
        task = asyncio.get_running_loop().create_task(self._fetch_in_line(scope, tokens, freed))
        self._fetching[scope] = _Fetching(task, freed)
        task.add_done_callback(partial(self._fetched, scope))

    async def _fetch_in_line(self, scope: Scope, tokens: int, freed: asyncio.Event) -> None:
        """Return when the call fits, or it may be that nobody stands in line any more."""
        deadline = self._monotonic() + _LINE_SECONDS
        with suppress(RateLimitedError):  # room comes without our asking, or there is no use in it now
            async with scope.line:
                while not _fits(scope, self._monotonic(), tokens) and self._monotonic() < deadline:
                    freed.clear()
                    if not await self._ask(scope, tokens, waits=True):
                        scope.refused_until = self._monotonic() + _REFUSAL_SECONDS
                    if not _fits(scope, self._monotonic(), tokens):
                        with suppress(TimeoutError):
                            await asyncio.wait_for(freed.wait(), _LINE_RETRY_SECONDS)

    def _fetched(self, scope: Scope, task: asyncio.Task[None]) -> None:
        del self._fetching[scope]
        if not task.cancelled() and scope.on_room is not None:
            scope.on_room()  # who needs room looks again

    async def _fetch(self, scope: Scope, tokens: int, deadline: float) -> None:
        """Return when the call fits `scope`; raise its refusal if it does not."""
        async with scope.line:
            while not _fits(scope, self._monotonic(), tokens):
                hope = await self._ask(scope, tokens, waits=False)
                now = self._monotonic()
                if _fits(scope, now, tokens):
                    return
                if not hope or now >= deadline:
                    scope.refused_until = now + _REFUSAL_SECONDS
                    scope.check(now, tokens)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _ask(self, scope: Scope, tokens: int, *, waits: bool) -> bool:
        """Ask the store for more, for a call that `waits` in line or one that is refused soon.

        Returns:
            Whether it is worth asking again.
        """
        async with scope.telling:
            store, now, limits = self.store, self._monotonic(), scope.limits
            if store is None or not self.open:
                return True
            used = Amounts(*scope.usage(now))
            scope.hold(used, scope.bounds_until)  # what is free must not be used while the store is asked
            need = Amounts(1, _tokens_needed(limits, used, tokens), 1)
            try:
                answer = await store.take(
                    Want(scope.holder, limits, used, need, scope.frees_in(now), waits), LEASE_SECONDS
                )
            except StoreAwayError:
                return True
            if store is self.store:
                scope.hold(answer.share, now + LEASE_SECONDS)
                if answer.owed:
                    scope.owe(answer.owed)
                scope.elsewhere = answer.others[:2]
                scope.frees_at = now + answer.frees_in
                scope.refused_tokens = tokens if _only_tokens_lack(limits, used, answer.others) else 0
            return answer.hope

    # --- upkeep ---

    async def sync(self) -> None:
        """Give back what others want and what nobody uses any more, tell of what was used above a share, and renew.

        Raises:
            StoreAwayError: The store does not answer.
        """
        store, now = self.store, self._monotonic()
        if store is None:
            return
        wanted = await store.wanted()
        renewing = now - self._renewed_at >= LEASE_SECONDS / _RENEWALS_PER_LEASE
        async with AsyncExitStack() as stack:
            told: list[Scope] = []
            for scope in self._scopes():
                if scope.telling.locked() or not (scope.shared and now < scope.bounds_until):
                    continue
                used = scope.usage(now)
                above = any(part > share for part, share in zip(used, scope.share, strict=True))
                if scope.holder in wanted:
                    scope.give_way(now)
                elif renewing and not any(used):
                    scope.hold(used, scope.bounds_until)
                elif not (renewing or above):
                    continue
                await stack.enter_async_context(scope.telling)  # it is free: this does not let others run
                told.append(scope)
            if store is self.store:
                await store.declare([_claim(scope, now) for scope in told], LEASE_SECONDS)
                for scope in told:
                    scope.bounds_until = now + LEASE_SECONDS
        if renewing:
            self._renewed_at = now

    def _scopes(self) -> list[Scope]:
        return [scope for scopes in self._watched for scope in scopes]


def _fits(scope: Scope, now: float, tokens: int) -> bool:
    """Tell whether the call fits our share; any other reason for a refusal is raised."""
    try:
        scope.check(now, tokens)
    except ShareTooSmallError:
        return False
    return True


def _claim(scope: Scope, now: float) -> Claim:
    used = Amounts(*scope.usage(now))
    share = Amounts(*map(max, used, scope.share))
    return Claim(scope.holder, share, used, scope.frees_in(now))


def _tokens_needed(limits: RateLimits, used: Amounts, tokens: int) -> int:
    """A call above the whole limit needs all of it, and that nobody uses any."""
    return tokens if limits.tpm is None or used.tokens else min(tokens, limits.tpm)


def _only_tokens_lack(limits: RateLimits, used: Amounts, others: Amounts) -> bool:
    rpm, _, parallel = limits
    return (rpm is None or rpm - others.requests - used.requests >= 1) and (
        parallel is None or parallel - others.parallel - used.parallel >= 1
    )
