"""The counters of one holder of limits: a key, a user, a team, a key's use of one model, a deployment.

Checking and taking are two steps, so that a call refused by its team's limit has taken nothing of its key's. Both
happen in one turn of the event loop, which makes them atomic within a process.
"""

from collections.abc import Sequence
from typing import NamedTuple

from litemaas.domain.errors import RateLimitedError
from litemaas.domain.rate_limits.errors import ParallelRequestsError, RequestsPerMinuteError, TokensPerMinuteError
from litemaas.domain.rate_limits.windows import SlidingWindow


class RateLimits(NamedTuple):
    """Limits of one holder; None: no limit."""

    rpm: int | None = None
    tpm: int | None = None
    parallel: int | None = None


class Scope:
    """One holder's limits and counters.

    Attributes:
        name: What an error calls the holder, e.g. `key` or `team analytics`.
        in_flight: Calls that hold a place now.
        reserved: Tokens that calls in flight have reserved.
    """

    __slots__ = ("_requests", "_tokens", "in_flight", "limits", "name", "reserved")

    def __init__(self, name: str, limits: RateLimits) -> None:
        self.name = name
        self.limits = limits
        self.in_flight = 0
        self.reserved = 0
        self._requests = SlidingWindow()
        self._tokens = SlidingWindow()

    def check(self, now: float, tokens: int) -> None:
        """Raise if a call that reserves `tokens` does not fit at `now`.

        A call that alone would exceed the TPM limit passes while nothing else is counted: otherwise it never could.

        Raises:
            RequestsPerMinuteError, TokensPerMinuteError, ParallelRequestsError: with the seconds after which it may
            fit.
        """
        rpm, tpm, parallel = self.limits
        if parallel is not None and self.in_flight >= parallel:
            raise ParallelRequestsError(
                f"Rate limit exceeded for {self.name}: {parallel} parallel requests are in flight.", retry_after=1.0
            )
        if rpm is not None and self._requests.used(now) >= rpm:
            raise RequestsPerMinuteError(
                f"Rate limit exceeded for {self.name}: {rpm} requests per minute.",
                retry_after=self._requests.seconds_until(now, 1, rpm),
            )
        if tpm is not None:
            used = self._tokens.used(now) + self.reserved
            if used + tokens > tpm and (used or tpm == 0):
                raise TokensPerMinuteError(
                    f"Rate limit exceeded for {self.name}: {tpm} tokens per minute.",
                    retry_after=max(1.0, self._tokens.seconds_until(now, tokens, tpm)),
                )

    def fits(self, now: float, tokens: int) -> bool:
        """Tell whether `check` would pass."""
        try:
            self.check(now, tokens)
        except RateLimitedError:
            return False
        return True

    def take(self, now: float, tokens: int) -> None:
        """Count a call and reserve its `tokens`; `check` must have passed in the same turn."""
        self.in_flight += 1
        self.reserved += tokens
        if self.limits.rpm is not None:
            self._requests.take(now, 1)

    def settle(self, now: float, reserved: int, used: int) -> None:
        """End a call that reserved `reserved` tokens and used `used`."""
        self.in_flight -= 1
        self.reserved -= reserved
        if used and self.limits.tpm is not None:
            self._tokens.take(now, used)

    def remaining(self, now: float) -> tuple[int | None, int | None]:
        """Requests and tokens left in the window; None where there is no limit."""
        rpm, tpm, _ = self.limits
        return (
            None if rpm is None else max(0, rpm - self._requests.used(now)),
            None if tpm is None else max(0, tpm - self._tokens.used(now) - self.reserved),
        )

    def is_idle(self, now: float) -> bool:
        """Tell whether nothing is counted any more."""
        return not (self.in_flight or self._requests.used(now) or self._tokens.used(now))


class Scopes:
    """All scopes of a process, by holder. A scope lives on while limits change, so that its counters do."""

    def __init__(self) -> None:
        self._scopes: dict[str, Scope] = {}

    def get(self, holder: str, name: str, limits: RateLimits) -> Scope:
        """The scope of `holder`, with `limits` from now on."""
        scope = self._scopes.get(holder)
        if scope is None:
            scope = self._scopes[holder] = Scope(name, limits)
        else:
            scope.limits = limits
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
