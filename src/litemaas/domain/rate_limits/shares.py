"""A replica's share of a holder's limits, and the store in which replicas divide the whole.

A share says how much of a limit one replica may have in use: requests and tokens of the last 60 seconds, calls at this
moment. Each replica keeps what it uses within its share, and the store keeps the sum of all shares within the limit, so
together they are never above it, in no 60 seconds, and while a share has room nobody needs to be asked.

Only what is not in use can be given back. So what a replica has used stays set aside until it has left the window, also
when the replica ends, or is cut off: its share of requests and tokens outlives its lease by the window's length.

Calls that stand in line for a deployment are on several replicas, too. A place there goes to the replica that has the
fewest, and among equals to the one whose call has waited longest: one that has many calls in line would else take each
place anew, and the others would never get one.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from litemaas.domain.rate_limits.scopes import RateLimits

GRANT_DIVISOR = 4
"""A grant is this fraction of what is left, so that other replicas find something too."""

WANTED_SECONDS = 1.0
"""How long a wish that could not be met asks the others for what they do not use."""


class StoreAwayError(Exception):
    """The store does not answer."""


class Amounts(NamedTuple):
    """Amounts of the three limits."""

    requests: int = 0
    tokens: int = 0
    parallel: int = 0


NOTHING = Amounts()


class Want(NamedTuple):
    """What a replica asks for.

    Attributes:
        scope: Holder of the limits.
        used: What the replica has in use there.
        need: What it must be able to use besides.
        frees_in: Seconds until the oldest of what it used leaves the window.
        waits: The call stands in line until there is a place for it.
    """

    scope: str
    limits: RateLimits
    used: Amounts
    need: Amounts
    frees_in: float
    waits: bool = False


class Claim(NamedTuple):
    """What a replica says that it has."""

    scope: str
    share: Amounts
    used: Amounts
    frees_in: float


class Answer(NamedTuple):
    """What the store says to a `Want`.

    Attributes:
        share: The replica's share from now on: what it uses, and what it was granted.
        others: Sum of the others' shares.
        hope: Whether others have so much that they do not use that the wish could be met.
        frees_in: Seconds until something of the others' leaves the window.
        owed: Places that others wait for who have fewer; no more of ours may be taken anew before they have them.
    """

    share: Amounts
    others: Amounts
    hope: bool
    frees_in: float
    owed: int = 0


class ShareStore(Protocol):
    """Where replicas divide limits among themselves. All methods raise `StoreAwayError`."""

    name: str

    async def take(self, want: Want, seconds: float) -> Answer:
        """Set our share to what we use and need, if it fits, else to what we use; for `seconds`."""

    async def declare(self, claims: Sequence[Claim], seconds: float) -> None:
        """Set our shares, which are no larger than before, or cover what was used above them; for `seconds`."""

    async def wanted(self) -> set[str]:
        """Scopes in which another replica asked lately for more than there was."""

    async def in_use(self) -> bool:
        """Tell whether another replica's shares count."""


def divide(want: Want, others: Amounts, spare: Amounts, owed: int = 0) -> tuple[Amounts | None, bool]:
    """Work out a share, None: the wish does not fit; and whether there is hope.

    Args:
        want: What is asked for.
        others: Sum of the others' shares.
        spare: How much of that they do not use, and can give back: nobody does for a replica that is gone.
        owed: Places that are for others first.
    """
    kept = Amounts(parallel=owed)
    left = [
        None if limit is None else limit - other - used - first
        for limit, other, used, first in zip(want.limits, others, want.used, kept, strict=True)
    ]
    if all(one is None or one >= need for one, need in zip(left, want.need, strict=True)):
        grants = (
            0 if one is None else max(need, one // GRANT_DIVISOR) for one, need in zip(left, want.need, strict=True)
        )
        return Amounts(*(used + grant for used, grant in zip(want.used, grants, strict=True))), True
    if want.waits:  # places come free by themselves
        left[2] = None
    hope = all(one is None or one + more >= need for one, more, need in zip(left, spare, want.need, strict=True))
    return None, hope
