"""What one key may do, worked out once and kept until something it depends on changes."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct

from litemaas.domain.access.errors import (
    AmbiguousModelError,
    ModelNotAllowedError,
    RouteNotAllowedError,
    UnknownModelError,
)
from litemaas.domain.access.grants import ALL_PROXY_MODELS, ALL_TEAM_MODELS, opens
from litemaas.domain.budgets.entities import (
    GLOBAL_ACCOUNT,
    key_account,
    key_model_account,
    team_account,
    user_account,
)
from litemaas.domain.budgets.leases import Lease
from litemaas.domain.budgets.service import BudgetService
from litemaas.domain.errors import AuthenticationError
from litemaas.domain.keys.entities import IssuedKey
from litemaas.domain.keys.errors import BlockedKeyError, ExpiredKeyError
from litemaas.domain.pricing.cost import highest_token_prices
from litemaas.domain.pricing.units import UnitPrices, highest_unit_prices
from litemaas.domain.rate_limits.scopes import RateLimits, Scope, Scopes
from litemaas.domain.serving import ServedModel
from litemaas.domain.snapshot import Snapshot
from litemaas.domain.teams.entities import Team
from litemaas.domain.users.entities import User

_NEVER = float("inf")
_ZERO = Decimal(0)


class BoundPrices(Struct, frozen=True, gc=False):
    """The most that a call of a model can cost per unit, whichever deployment serves it, until `valid_until`."""

    input_token: Decimal
    output_token: Decimal
    request: Decimal
    image: Decimal
    units: UnitPrices
    valid_until: float


class Permit:
    """A key's leave to call a model: what the call counts against.

    Attributes:
        scopes: Rate limits of key, team, user and of the key's use of this model.
        leases: Accounts that have a limit; the call is held on each of them.
        encoded: Beginnings of ledger records, for `settlement`.
    """

    __slots__ = ("_prices", "encoded", "leases", "model", "scopes")

    def __init__(self, model: ServedModel, scopes: tuple[Scope, ...], leases: tuple[Lease, ...]) -> None:
        self.model = model
        self.scopes = scopes
        self.leases = leases
        self.encoded: dict[tuple[str, str], bytes] = {}
        self._prices: BoundPrices | None = None

    def prices(self, now: float) -> BoundPrices:
        """Bounds for a hold at Unix time `now`."""
        prices = self._prices
        if prices is None or now >= prices.valid_until:
            prices = self._prices = _bound_prices(self.model, now)
        return prices


class Rights:
    """One key's rights.

    Attributes:
        digest: SHA-256 of the key's text; of a rotated key also the previous one.
        key: None for the master key.
        expires_at: Unix time.
        labels: The team's, and the key's, which win; None: there are none.
        ends_at: Until this Unix time it is accepted without another look; `check_alive` tells more.
        bound_to_routes: It opens only some routes, see `check_route`.
    """

    __slots__ = (
        "_budgets",
        "_permits",
        "_scopes",
        "_snapshot",
        "_team",
        "_user",
        "bound_to_routes",
        "digest",
        "ends_at",
        "expires_at",
        "key",
        "labels",
    )

    def __init__(
        self, digest: bytes, key: IssuedKey | None, snapshot: Snapshot, scopes: Scopes, budgets: BudgetService
    ) -> None:
        self.digest = digest
        self.key = key
        self.expires_at = _end_of(digest, key) if key else _NEVER
        self._team: Team | None = snapshot.teams.get(key.team_id) if key and key.team_id else None
        self._user: User | None = snapshot.users.get(key.user_id) if key and key.user_id else None
        self.labels = _labels(self._team.metadata.get("labels") if self._team else None, key.labels if key else None)
        self._snapshot = snapshot
        self._scopes = scopes
        self._budgets = budgets
        self._permits: dict[str, Permit] = {}
        self.bound_to_routes = bool(key and key.allowed_routes)
        try:
            self.check_alive(-_NEVER)
        except AuthenticationError:
            self.ends_at = -_NEVER
        else:
            self.ends_at = self.expires_at

    def check_alive(self, now: float) -> None:
        """Raise if the key is not accepted at Unix time `now`.

        Raises:
            BlockedKeyError, ExpiredKeyError: It is not.
        """
        key = self.key
        if key is None:
            return
        if key.blocked:
            raise BlockedKeyError("This key is blocked. Ask an administrator to unblock it.")
        if now >= self.expires_at:
            raise ExpiredKeyError("This key has expired. Ask for a new one.")
        if (key.team_id and (self._team is None or self._team.blocked)) or (
            key.user_id and (self._user is None or self._user.blocked)
        ):
            raise BlockedKeyError("The user or team of this key is blocked. Ask an administrator.")

    def check_route(self, path: str) -> None:
        """Raise if the key is bound to routes and `path` is none of them.

        Raises:
            RouteNotAllowedError: It is not.
        """
        if self.key and self.key.allowed_routes and not path.startswith(self.key.allowed_routes):
            raise RouteNotAllowedError(f"This key may not call {path}.")

    def permit(self, name: str) -> Permit:
        """The leave to call the model that the client named.

        Raises:
            ModelNotAllowedError, UnknownModelError, AmbiguousModelError: There is none.
        """
        permit = self._permits.get(name)
        if permit is None:
            permit = self._permits[name] = self._make_permit(self._find(name))
        return permit

    def models(self) -> list[ServedModel]:
        """All models that the key opens, by public name."""
        models = self._snapshot.catalog.models.values()
        return sorted((model for model in models if self._opens(model)), key=lambda model: model.name)

    def _find(self, name: str) -> ServedModel:
        key = self.key
        alias = (key.aliases.get(name) if key else None) or (self._team.aliases.get(name) if self._team else None)
        found = self._snapshot.catalog.named(alias or name)
        allowed = [model for model in found if self._opens(model)]
        if len(allowed) == 1:
            return allowed[0]
        if allowed:
            names = ", ".join(sorted(model.name for model in allowed))
            raise AmbiguousModelError(f"Several models serve {name}: {names}. Call one of these names.", param="model")
        if not found and self._opens_all():
            raise UnknownModelError(f"There is no model {name!r}. GET /v1/models lists what there is.", param="model")
        raise ModelNotAllowedError(
            f"key not allowed to access model {name!r}: {self._refuser(found)} does not grant it. "
            "An administrator can add it.",
            param="model",
        )

    def _opens(self, model: ServedModel) -> bool:
        return all(opens(grants, model) for _, grants in self._grants())

    def _opens_all(self) -> bool:
        return all(ALL_PROXY_MODELS in grants for _, grants in self._grants())

    def _refuser(self, models: Iterable[ServedModel]) -> str:
        for owner, grants in self._grants():
            if not any(opens(grants, model) for model in models):
                return owner
        return "the key"

    def _grants(self) -> list[tuple[str, Sequence[str]]]:
        key = self.key
        if key is None:
            return []
        lists: list[tuple[str, Sequence[str]]] = [("the key", key.models)]
        if self._team:
            if ALL_TEAM_MODELS in key.models:
                lists = []
            lists.append(("its team", self._team.models))
        elif self._user:
            lists.append(("its user", self._user.models))
        return lists

    def _make_permit(self, model: ServedModel) -> Permit:
        key = self.key
        if key is None:
            return Permit(model, (), self._leases([GLOBAL_ACCOUNT]))
        scopes = [("key", f"key:{key.id}", RateLimits(key.rpm_limit, key.tpm_limit, key.max_parallel_requests))]
        accounts = [key_account(key.id), key_model_account(key.id, model.name)] if key.id else []
        by_model = RateLimits(key.model_rpm_limit.get(model.name), key.model_tpm_limit.get(model.name))
        scopes.append((f"model {model.name} of this key", f"key:{key.id}/model:{model.name}", by_model))
        for kind, holder in (("team", self._team), ("user", self._user)):
            if holder is not None:
                limits = RateLimits(holder.rpm_limit, holder.tpm_limit, holder.max_parallel_requests)
                scopes.append((f"{kind} {holder.id}", f"{kind}:{holder.id}", limits))
        if key.user_id:
            accounts.append(user_account(key.user_id))
        if key.team_id:
            accounts.append(team_account(key.team_id))
        accounts.append(GLOBAL_ACCOUNT)
        limited = [self._scopes.get(holder, name, limits) for name, holder, limits in scopes if any(_set(limits))]
        return Permit(model, tuple(limited), self._leases(accounts))

    def _leases(self, accounts: Iterable[str]) -> tuple[Lease, ...]:
        return tuple(self._budgets.lease_of(account) for account in accounts if account in self._snapshot.accounts)


def _end_of(digest: bytes, key: IssuedKey) -> float:
    """When the key's text with this digest stops being accepted, in Unix time."""
    ends = [key.expires_at]
    if digest != key.digest:
        ends.append(key.previous_expires_at)
    return min((end.timestamp() for end in ends if end), default=_NEVER)


def _labels(*sources: object) -> dict[str, str] | None:
    """All labels of `sources`, the last one's first; metadata may come from elsewhere and be no labels at all."""
    labels: dict[str, str] = {}
    for source in sources:
        if isinstance(source, dict):
            labels |= {name: value for name, value in source.items() if isinstance(value, str)}
    return labels or None


def _set(limits: RateLimits) -> list[bool]:
    return [limit is not None for limit in limits]


def _bound_prices(model: ServedModel, now: float) -> BoundPrices:
    prices = [target.price_at(now) for target in model.targets]
    tokens = [highest_token_prices(price) for price in prices]
    changes = [price.effective_from.timestamp() for target in model.targets for price in target.prices]
    return BoundPrices(
        max((price for price, _ in tokens), default=_ZERO),
        max((price for _, price in tokens), default=_ZERO),
        max((price.request for price in prices), default=_ZERO),
        max((price.image for price in prices), default=_ZERO),
        highest_unit_prices(prices),
        min((change for change in changes if change > now), default=_NEVER),
    )
