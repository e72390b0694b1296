"""The money of an account that this process may spend without asking: its lease.

A lease is a slice of the account's current window, granted by PostgreSQL. Its row there covers what is known here:

    amount  >=  free  +  held  +  unshipped

`free` can be held, `held` is set aside for calls in flight, `unshipped` was settled but is not in the ledger yet. Three
rules keep the whole honest:

* Only `free` money is ever given back, so that no crash loses a charge.
* The holder stops at `expires_at` by its own monotonic clock, before PostgreSQL gives the money to others.
* With a new window a new `epoch` begins; a hold from an earlier one settles without touching the new window's money.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

ZERO = Decimal(0)
_FOREVER = float("inf")


@dataclass(slots=True, eq=False)
class Lease:
    """This process's slice of one account.

    Attributes:
        amount: Dollars of the lease's row in PostgreSQL, as last seen.
        free: Dollars that can be held now; below zero after a call that cost more than its hold.
        window_start: Window the money belongs to; None: no lease yet.
        window_ends_at: Unix time at which that window ends.
        expires_at: Monotonic time at which the lease ends unless renewed.
        recalls: How often its limit changed; tells an answer that is older than the change.
        last_used_at: Monotonic time of the last hold.
        low_water: Free dollars below which more is fetched in advance.
        waiting: Calls that wait for money; a new one must not overtake them.
        line: Where they wait, first come first served.
        money_came: Set when a settlement freed money for them.
    """

    account_id: str
    amount: Decimal = ZERO
    free: Decimal = ZERO
    held: Decimal = ZERO
    unshipped: Decimal = ZERO
    window_start: datetime | None = None
    window_ends_at: float = 0.0
    expires_at: float = 0.0
    epoch: int = 0
    recalls: int = 0
    last_used_at: float = 0.0
    low_water: Decimal = ZERO
    waiting: int = 0
    line: asyncio.Lock = field(default_factory=asyncio.Lock)
    money_came: asyncio.Event = field(default_factory=asyncio.Event)

    def usable(self, now: float, wall_clock: float) -> bool:
        """Tell whether holds may be taken at `now` (monotonic) and `wall_clock` (Unix time)."""
        return now < self.expires_at and wall_clock < self.window_ends_at

    def take(self, amount: Decimal, now: float) -> "Hold":
        """Set `amount` aside; the caller has seen that it is free."""
        self.free -= amount
        self.held += amount
        self.last_used_at = now
        return Hold(self, self.epoch, amount)

    def enter_window(self, start: datetime, ends_at: float | None, *, moved: bool) -> None:
        """Be in the window `start`, which ends at Unix time `ends_at` or never.

        In another than before we begin with nothing, unless it is only drawn differently now (`moved`).
        """
        if start != self.window_start and not moved:
            self.amount = self.free = self.held = self.unshipped = ZERO
            self.epoch += 1
        self.window_start = start
        self.window_ends_at = _FOREVER if ends_at is None else ends_at

    def shipped(self, cost: Decimal) -> None:
        """Note that `cost` dollars reached the ledger; what the lease did not cover of them is no debt any more."""
        covered = min(cost, self.amount)
        self.unshipped -= cost
        self.amount -= covered
        self.free += cost - covered

    def forget_unshipped(self) -> None:
        """All is in the ledger: what is still noted began before the window, which an administrator has moved.

        That money was spent in no window of now. It covers our debt, and the rest is given back rather than held here:
        PostgreSQL knows best to which window it belongs.
        """
        if self.free < 0:
            self.free = min(ZERO, self.free + self.unshipped)
        self.unshipped = ZERO

    def recall(self) -> None:
        """Hold nothing more, also not what calls in flight free, before PostgreSQL was asked."""
        self.expires_at = 0.0
        self.recalls += 1

    def committed(self) -> Decimal:
        """Dollars that must stay leased: in flight, or settled and not in the ledger yet."""
        return self.held + self.unshipped


class Hold(Struct, frozen=True, eq=False):
    """Money set aside on one lease."""

    lease: Lease
    epoch: int
    amount: Decimal

    def settle(self, cost: Decimal) -> None:
        """Turn the hold into `cost` dollars; what is left of it is free again."""
        lease = self.lease
        if self.epoch == lease.epoch:
            lease.held -= self.amount
            lease.free += self.amount - cost
            lease.unshipped += cost
            if lease.waiting:
                lease.money_came.set()

    def release(self) -> None:
        """Give the whole hold back: the call cost nothing."""
        self.settle(ZERO)
