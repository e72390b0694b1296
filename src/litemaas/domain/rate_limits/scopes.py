"""The counters of one holder of limits: a key, a user, a team, a key's use of one model, a deployment.

Checking and taking are two steps, so that a call refused by its team's limit has taken nothing of its key's. Both
happen in one turn of the event loop, which makes them atomic within a process. Among several processes the bounds here
are this one's share of the limits (`shares`).
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from litemaas.domain.errors import RateLimitedError
from litemaas.domain.rate_limits.errors import (
    ParallelRequestsError,
    RequestsPerMinuteError,
    TokensPerMinuteError,
)
from litemaas.domain.rate_limits.windows import SlidingWindow

FOREVER = float("inf")
_PARALLEL = 2


class RateLimits(NamedTuple):
    """Limits of one holder; None: no limit."""

    rpm: int | None = None
    tpm: int | None = None
    parallel: int | None = None


class Sharing(Protocol):
    """What gives scopes their bounds where several processes share the limits."""

    def watch(self, scopes: "Scopes") -> None:
        """Look after all of `scopes`, also those to come."""

    def bound(self, scope: "Scope") -> None:
        """Set the bounds of a scope that is new, or whose limits changed."""

    def fetch_soon(self, scope: "Scope", tokens: int) -> None:
        """Fetch room for a call in the background."""


class ShareTooSmallError(RateLimitedError):
    """This replica's share of a limit has no room; there may be some in other replicas' hands, or in nobody's."""

    def __init__(self, scope: "Scope") -> None:
        super().__init__(f"Rate limit of {scope.name}: no room at this replica.", retry_after=1.0)
        self.scope = scope


class Scope:
    """One holder's limits and counters.

    Attributes:
        name: What an error calls the holder, e.g. `key` or `team analytics`.
        holder: What the holder is called among replicas.
        bounds: What may be in use here: the limits, or this replica's share of them.
        bounds_until: Monotonic time from which on the share must be asked for anew.
        in_flight: Calls that hold a place now.
        reserved: Tokens that calls in flight have reserved.
        shared: Whether the bounds are a share and there may be more elsewhere.
        share: Requests, tokens and calls in flight that are this replica's, as the store knows.
        elsewhere: Requests and tokens that other replicas had as their shares when we last asked.
        refused_until: Monotonic time until which there is no use in asking for `refused_tokens` or more.
        frees_at: Monotonic time at which something of the others' leaves the window.
        on_room: Called when room was fetched in the background.
        line: Calls that wait for room, first come first served.
        telling: Held while the store is told of this scope: what it is told must not change on the way.
    """

    __slots__ = (
        "_sharing",
        "_window",
        "bounds",
        "bounds_until",
        "elsewhere",
        "frees_at",
        "holder",
        "in_flight",
        "limits",
        "line",
        "name",
        "on_room",
        "refused_tokens",
        "refused_until",
        "reserved",
        "share",
        "shared",
        "telling",
    )

    def __init__(self, name: str, limits: RateLimits, holder: str = "", sharing: Sharing | None = None) -> None:
        self.name = name
        self.holder = holder
        self.limits = self.bounds = limits
        self.bounds_until = FOREVER
        self.in_flight = 0
        self.reserved = 0
        self.shared = False
        self.share = (0, 0, 0)
        self.elsewhere = (0, 0)
        self.refused_until = self.frees_at = 0.0
        self.refused_tokens = 0
        self.on_room: Callable[[], None] | None = None
        self.line = asyncio.Lock()
        self.telling = asyncio.Lock()
        self._sharing = sharing
        self._window = SlidingWindow()
        if sharing is not None:
            sharing.bound(self)

    def limit(self, limits: RateLimits) -> None:
        """Have `limits` from now on."""
        if limits != self.limits:
            self.limits = self.bounds = limits
            if self._sharing is not None:
                self._sharing.bound(self)

    def own(self) -> None:
        """Have the whole of the limits: nobody else counts against them."""
        self.shared, self.share, self.elsewhere = False, (0, 0, 0), (0, 0)
        self.bounds, self.bounds_until = self.limits, FOREVER

    def hold(self, share: tuple[int, int, int], until: float) -> None:
        """Have a share of the limits until the monotonic time `until`."""
        self.shared, self.share = True, share
        self.bounds = RateLimits(
            *(None if limit is None else min(limit, part) for limit, part in zip(self.limits, share, strict=True))
        )
        self.bounds_until = until

    def give_way(self, now: float) -> None:
        """Keep only what is in use, and let half of that go as it ends: another replica waits for some."""
        self.hold(self.usage(now), self.bounds_until)
        rpm, tpm, parallel = self.bounds
        self.bounds = RateLimits(rpm and max(1, rpm // 2), tpm and max(1, tpm // 2), parallel and parallel // 2)

    def owe(self, places: int) -> None:
        """Take so many of the places that come free not before the store was asked: others wait for them."""
        if self.bounds.parallel is not None:
            self.bounds = self.bounds._replace(parallel=max(0, self.in_flight - places))

    def has_place(self) -> bool:
        """Tell whether a place that the store knows as ours is held by no call."""
        return self.shared and self.in_flight < self.share[_PARALLEL]

    def check(self, now: float, tokens: int) -> None:
        """Raise if a call that reserves `tokens` does not fit at `now`.

        A call that alone would exceed the TPM limit passes while nothing else is counted: otherwise it never could.

        Raises:
            RequestsPerMinuteError, TokensPerMinuteError, ParallelRequestsError: with the seconds after which it may
            fit.
            ShareTooSmallError: It does not fit this replica's share; more must be fetched first.
        """
        rpm, tpm, parallel = self.bounds
        if now >= self.bounds_until:
            raise ShareTooSmallError(self)
        if parallel is not None and self.in_flight >= parallel:
            raise self._no_place(now, tokens)
        window = self._window
        if now >= window.changes_at:
            window.advance(now)
        if rpm is not None and window.requests >= rpm:
            raise self._no_requests(now, tokens)
        if tpm is not None:
            used = window.tokens + self.reserved
            if used + tokens > tpm and (used or tpm == 0 or tpm != self.limits.tpm):
                raise self._no_tokens(now, used, tokens)

    def fits(self, now: float, tokens: int) -> bool:
        """Tell whether `check` would pass; if more must be fetched first, that is begun."""
        try:
            self.check(now, tokens)
        except RateLimitedError as refusal:
            if self._sharing is not None and isinstance(refusal, ShareTooSmallError):
                self._sharing.fetch_soon(self, tokens)
            return False
        return True

    def take(self, now: float, tokens: int) -> None:
        """Count a call and reserve its `tokens`; `check` must have passed in the same turn."""
        self.in_flight += 1
        self.reserved += tokens
        if self.limits.rpm is not None:
            self._window.count(now, 1, 0)

    def settle(self, now: float, reserved: int, used: int) -> None:
        """End a call that reserved `reserved` tokens and used `used`."""
        self.in_flight -= 1
        self.reserved -= reserved
        if used and self.limits.tpm is not None:
            self._window.count(now, 0, used)

    def remaining(self, now: float) -> tuple[int | None, int | None]:
        """Requests and tokens left in the window, as far as known here; None where there is no limit."""
        rpm, tpm, _ = self.limits
        requests, tokens = self.elsewhere
        window = self._window
        if now >= window.changes_at:
            window.advance(now)
        return (
            None if rpm is None else max(0, rpm - requests - window.requests),
            None if tpm is None else max(0, tpm - tokens - window.tokens - self.reserved),
        )

    def usage(self, now: float) -> tuple[int, int, int]:
        """Requests and tokens in the window, reserved ones too, and calls in flight."""
        self._window.advance(now)
        return self._window.requests, self._window.tokens + self.reserved, self.in_flight

    def frees_in(self, now: float) -> float:
        """Seconds until something that was used here leaves the window."""
        return self._window.seconds_to_free(now)

    def is_idle(self, now: float) -> bool:
        """Tell whether nothing is counted any more, and no share is set aside."""
        held = now < self.bounds_until and any(self.share)
        return not (held or any(self.usage(now)))

    def _asking_helps(self, now: float, tokens: int) -> bool:
        return self.shared and (now >= self.refused_until or tokens < self.refused_tokens)

    def _no_place(self, now: float, tokens: int) -> RateLimitedError:
        limit = self.limits.parallel
        asking_helps = self.has_place() or self._asking_helps(now, tokens)  # others may have to come first
        if limit is not None and self.in_flight < limit and asking_helps:
            return ShareTooSmallError(self)
        return ParallelRequestsError(
            f"Rate limit exceeded for {self.name}: {limit} parallel requests are in flight.", retry_after=1.0
        )

    def _no_requests(self, now: float, tokens: int) -> RateLimitedError:
        limit = self.limits.rpm or 0
        if self._asking_helps(now, tokens) and self._window.requests < limit:
            return ShareTooSmallError(self)
        here = self._window.seconds_until(now, "requests", 1, self.bounds.rpm or 0)
        return RequestsPerMinuteError(
            f"Rate limit exceeded for {self.name}: {limit} requests per minute.", retry_after=self._retry(now, here)
        )

    def _no_tokens(self, now: float, used: int, tokens: int) -> RateLimitedError:
        limit = self.limits.tpm or 0
        if self._asking_helps(now, tokens) and (used + tokens <= limit or (not used and limit)):
            return ShareTooSmallError(self)
        here = self._window.seconds_until(now, "tokens", tokens, self.bounds.tpm or 0)
        return TokensPerMinuteError(
            f"Rate limit exceeded for {self.name}: {limit} tokens per minute.",
            retry_after=max(1.0, self._retry(now, here)),
        )

    def _retry(self, now: float, here: float) -> float:
        """Seconds until there may be room, here or elsewhere."""
        return min(here, self.frees_at - now) if self.frees_at > now else here


class Scopes:
    """All scopes of one kind in a process, by holder. A scope lives on while limits change, so that its counters do.

    Args:
        sharing: Gives the scopes their bounds; None: each has its limits to itself.
        prefix: Tells holders of this kind from those of others, among replicas.
    """

    def __init__(self, sharing: Sharing | None = None, prefix: str = "") -> None:
        self._scopes: dict[str, Scope] = {}
        self._sharing = sharing
        self._prefix = prefix
        if sharing is not None:
            sharing.watch(self)

    def __iter__(self) -> Iterator[Scope]:
        return iter(self._scopes.values())

    def get(self, holder: str, name: str, limits: RateLimits) -> Scope:
        """The scope of `holder`, with `limits` from now on."""
        scope = self._scopes.get(holder)
        if scope is None:
            scope = self._scopes[holder] = Scope(name, limits, self._prefix + holder, self._sharing)
        else:
            scope.limit(limits)
        return scope

    def forget_idle(self, now: float) -> None:
        """Drop the scopes that count nothing any more."""
        idle = [holder for holder, scope in self._scopes.items() if scope.is_idle(now)]
        for holder in idle:
            del self._scopes[holder]


def check_all(scopes: Sequence[Scope], now: float, tokens: int) -> None:
    """Raise if a call that reserves `tokens` does not fit one of `scopes`.

    Raises:
        RateLimitedError: The first that refuses says why.
    """
    for scope in scopes:
        scope.check(now, tokens)


def take_all(scopes: Sequence[Scope], now: float, tokens: int) -> None:
    """Count a call in all `scopes`; `check_all` must have passed in the same turn."""
    for scope in scopes:
        scope.take(now, tokens)
