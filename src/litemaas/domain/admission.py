"""May this call run? Key, model, rate limits, and a hold on every budget that it counts against.

A hold is an upper bound of what the call can cost: every byte of text a token, every image its bound, and as much
output as the client allows, or the model. If the client sets no bound and the money left affords less than the model's,
the call is given that bound instead. A call that fits the budget but not beside the calls in flight waits for them a
little.
"""

import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from litemaas.domain.budgets.errors import InsufficientBudgetError
from litemaas.domain.budgets.keeping import recall
from litemaas.domain.budgets.leases import Hold
from litemaas.domain.budgets.service import BudgetService
from litemaas.domain.errors import UnavailableError
from litemaas.domain.keys.entities import session_key
from litemaas.domain.keys.errors import UnknownKeyError
from litemaas.domain.pricing.units import cost_of_units
from litemaas.domain.rate_limits.scopes import Scopes, ShareTooSmallError, check_all, take_all
from litemaas.domain.rate_limits.service import ShareService
from litemaas.domain.rights import Permit, Rights
from litemaas.domain.snapshot import Changed, Snapshot
from litemaas.providers.units import Units
from litemaas.settings import RequestSettings

_BYTES_PER_TOKEN = 4


class StaleSnapshotError(UnavailableError):
    """The database has been away for longer than what we know may be trusted."""


class Asked(Struct, frozen=True, gc=False):
    """The part of a request that routes or costs.

    Attributes:
        model: As the client named it.
        input_bytes: Bytes of the prompt's text, an upper bound of its tokens.
        images: Image parts of the prompt.
        max_output: Output tokens that the client allows per choice; None: not said.
        choices: Answers generated (`n`, `best_of`), each paid for.
        generates: False for embeddings and the like, which have no output tokens.
        units: The most that is paid for besides tokens; None: nothing is.
    """

    model: str
    input_bytes: int
    images: int = 0
    max_output: int | None = None
    choices: int = 1
    generates: bool = True
    units: Units | None = None


class Admission(Struct, eq=False):
    """A call that may run, with all that it holds until it is settled or released.

    Attributes:
        reserved: Tokens that it may use, as rate limits reckon.
        started_at: Unix time.
        max_output: Output tokens per choice to demand of the upstream, because the money ends there; None: as asked.
    """

    rights: Rights
    permit: Permit
    asked: Asked
    reserved: int
    holds: list[Hold]
    started_at: float
    max_output: int | None = None
    settled: bool = False


class AdmissionService:
    """Decides on calls, from memory.

    Args:
        master_key: Its holder may call everything.
        shares: This process's part of the rate limits; None: it serves alone.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        budgets: BudgetService,
        limits: RequestSettings,
        master_key: str,
        max_snapshot_age: float,
        monotonic: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        shares: ShareService | None = None,
    ) -> None:
        self._shares = shares or ShareService(monotonic)
        self.scopes = Scopes(self._shares)
        self._snapshot = snapshot
        self._budgets = budgets
        self._limits = limits
        self._max_snapshot_age = max_snapshot_age
        self._monotonic = monotonic
        self._wall_clock = wall_clock
        self._rights: dict[bytes, Rights] = {}
        self._master_digest = sha256(master_key.encode()).digest() if master_key else None
        snapshot.on_change.append(self._forget)

    def rights(self, digest: bytes) -> Rights:
        """The rights of a living key, by the SHA-256 of its text, or of a user, by `session_digest`.

        Raises:
            AuthenticationError: Unknown, expired or blocked.
            StaleSnapshotError: We have been cut off from the database for too long to tell.
        """
        rights = self._rights.get(digest)
        if rights is None:
            rights = self._work_out(digest)
        if self._monotonic() - self._snapshot.confirmed_at > self._max_snapshot_age:
            raise StaleSnapshotError("The database has been away for too long. Try again later.")
        if self._wall_clock() >= rights.ends_at:
            rights.check_alive(self._wall_clock())
        return rights

    def admit(self, rights: Rights, asked: Asked) -> Admission | None:
        """Admit a call at once.

        Returns:
            None if it has to wait for money, or for a larger share of a rate limit: call `admit_patiently`.

        Raises:
            RefusedError, NotFoundError, InvalidInputError: It may not run.
        """
        permit = rights.permit(asked.model)
        scopes, leases = permit.scopes, permit.leases
        now, started_at = self._monotonic(), self._wall_clock()
        reserved = self._tokens(asked)  # also without a limit of the key's: the deployment may have one
        try:
            for scope in scopes:
                scope.check(now, reserved)
        except ShareTooSmallError:
            return None
        holds = self._budgets.try_hold(leases, self.bound(permit, asked, started_at)) if leases else []
        if holds is None:
            return None
        for scope in scopes:
            scope.take(now, reserved)
        return Admission(rights, permit, asked, reserved, holds, started_at)

    async def admit_free(self, rights: Rights, asked: Asked) -> Admission:
        """Admit a call that needs no upstream: it counts as a request, and costs nothing.

        Raises:
            RefusedError, NotFoundError: It may not run.
        """
        permit = rights.permit(asked.model)
        await self._shares.make_room(permit.scopes, 0)
        take_all(permit.scopes, self._monotonic(), 0)
        return Admission(rights, permit, asked, 0, [], self._wall_clock())

    async def admit_patiently(self, rights: Rights, asked: Asked) -> Admission:
        """Admit a call that may have to wait for money, or for a larger share of a rate limit.

        Raises:
            RefusedError, NotFoundError, InvalidInputError: It may not run.
            BudgetUnavailableError: The database holds the money and does not answer.
        """
        permit = rights.permit(asked.model)
        started_at = self._wall_clock()
        bound, max_output = self.bound(permit, asked, started_at), None
        deadline = self._monotonic() + self._limits.budget_wait_seconds
        while True:
            try:
                holds = await self._budgets.hold(permit.leases, bound, deadline - self._monotonic())
                break
            except InsufficientBudgetError as error:  # the next account may have less left than this one
                affordable = self._affordable(permit, asked, error.remaining, started_at)
                if affordable is None or (max_output is not None and affordable >= max_output):
                    raise
                max_output = affordable
                bound = self.bound(permit, replace(asked, max_output=max_output), started_at)
        reserved = self._tokens(asked)
        try:
            await self._shares.make_room(self.rights(rights.digest).permit(asked.model).scopes, reserved)
            now, rights = self._monotonic(), self.rights(rights.digest)  # they may have changed while we waited
            permit = rights.permit(asked.model)
            check_all(permit.scopes, now, reserved)
        except BaseException:
            for hold in holds:
                hold.release()
            raise
        take_all(permit.scopes, now, reserved)
        admission = Admission(rights, permit, asked, reserved, holds, self._wall_clock())
        admission.max_output = max_output
        return admission

    async def check_affordable(self, permit: Permit, amounts: Mapping[str, Decimal]) -> None:
        """Raise unless each account that limits calls of `permit` has so many dollars left; nothing is held.

        Raises:
            InsufficientBudgetError, BudgetUnavailableError: One has not, or nobody can tell.
        """
        for lease in permit.leases:
            for hold in await self._budgets.hold([lease], amounts[lease.account_id], self._limits.budget_wait_seconds):
                hold.release()

    def bound(self, permit: Permit, asked: Asked, now: float) -> Decimal:
        """The most that a call can cost at Unix time `now`, in dollars."""
        prices, group = permit.prices(now), permit.model.group
        tokens, most = asked.input_bytes, group.max_input_tokens
        if asked.images:
            tokens += asked.images * self._limits.image_input_tokens
        bound = (tokens if most is None or tokens < most else most) * prices.input_token + prices.request
        if asked.images:
            bound += asked.images * prices.image
        if asked.generates:
            output, most = asked.max_output, group.max_output_tokens
            if output is None:
                output = self._limits.default_max_output_tokens if most is None else most
            elif most is not None and output > most:
                output = most
            bound += output * asked.choices * prices.output_token
        if asked.units is not None:
            bound += cost_of_units(asked.units, prices.units)
        return bound

    def release(self, admission: Admission) -> None:
        """End a call that cost nothing."""
        self.settle(admission, Decimal(0), 0)

    def settle(self, admission: Admission, cost: Decimal, tokens: int) -> None:
        """End a call that cost `cost` dollars and used `tokens`; once, whatever happens."""
        if admission.settled:
            return
        admission.settled = True
        for hold in admission.holds:
            hold.settle(cost)
        scopes = admission.permit.scopes
        if scopes:
            now, reserved = self._monotonic(), admission.reserved
            for scope in scopes:
                scope.settle(now, reserved, tokens)

    def forget_idle(self) -> None:
        """Drop counters that count nothing, and rights that nobody used; for a background task."""
        self._rights.clear()
        self.scopes.forget_idle(self._monotonic())

    def _work_out(self, digest: bytes) -> Rights:
        if digest == self._master_digest:
            key = None
        else:
            key = self._snapshot.keys.get(digest) or session_key(digest)
            if key is None:
                raise UnknownKeyError("This key is not known here. Check it, or ask an administrator for one.")
        rights = self._rights[digest] = Rights(digest, key, self._snapshot, self.scopes, self._budgets)
        return rights

    def _forget(self, changed: Changed) -> None:
        # Rights are cheap to work out again; finding those that a change touches is not.
        self._rights.clear()
        recall(self._budgets, self._budgets.leases if changed.accounts is None else changed.accounts)

    def _tokens(self, asked: Asked) -> int:
        tokens = asked.input_bytes // _BYTES_PER_TOKEN or 1
        if asked.generates:
            output = asked.max_output
            if output is None or asked.units is not None:  # with units, it is not the client's word but the route's
                output = self._limits.default_estimated_output_tokens
            tokens += output * asked.choices
        return tokens + asked.images * self._limits.image_input_tokens if asked.images else tokens

    def _affordable(self, permit: Permit, asked: Asked, remaining: Decimal | None, now: float) -> int | None:
        """Output tokens per choice that `remaining` dollars buy, if the client left that open; None: not even one."""
        price = permit.prices(now).output_token
        if remaining is None or asked.max_output is not None or not asked.generates or not price:
            return None
        fixed = self.bound(permit, replace(asked, max_output=0), now)
        tokens = int((remaining - fixed) / (price * asked.choices))
        return tokens if tokens >= 1 else None
