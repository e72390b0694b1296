"""What people may ask for when they issue and change keys for themselves."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from litemaas.domain.administration.key_orders import NEVER, KeyOrder
from litemaas.domain.budgets.entities import Limits
from litemaas.domain.budgets.periods import after
from litemaas.domain.errors import AccessDeniedError, InvalidInputError
from litemaas.domain.site.entities import Defaults
from litemaas.storage.postgres import Pool

_AMOUNTS = ("max_budget", "soft_budget")
_RATES = ("rpm_limit", "tpm_limit", "max_parallel_requests")
_PERIOD = "budget_duration"

_TERMS_OF_OTHERS = """
SELECT EXISTS (SELECT FROM audit_log WHERE subject_kind = 'key' AND subject_id = $1 AND actor <> $2
               AND action IN ('issue', 'update'))
"""
_BLOCKED_BY = """
SELECT actor FROM audit_log WHERE subject_kind = 'key' AND subject_id = $1 AND action = 'block'
ORDER BY at DESC LIMIT 1
"""


class NotYoursToChangeError(AccessDeniedError):
    """An administrator has decided this."""


def bounded(order: KeyOrder, terms: Defaults, *, new: bool) -> KeyOrder:
    """The order with what was left out filled in, if the key is new.

    Raises:
        InvalidInputError: It asks for more than the maximums.
    """
    filled, most = terms.key_defaults, terms.key_maximums
    limits, fields = dict(order.limits), dict(order.fields)
    for values, names in ((limits, _AMOUNTS), (fields, _RATES)):
        for name in names:
            maximum = getattr(most, name)
            if new and values.get(name) is None:
                default = getattr(filled, name)
                values[name] = maximum if default is None else default
            _check(name, values, maximum)
    if most.max_budget is not None:
        limits[_PERIOD] = most.budget_duration
    elif new and limits.get(_PERIOD) is None:
        limits[_PERIOD] = filled.budget_duration
    duration = order.duration
    if new and duration in {UNSET, None}:
        duration = filled.duration or most.duration or UNSET
    _check_life(duration, most.duration)
    return replace(order, limits=limits, fields=fields, duration=duration)


def _check(name: str, values: dict[str, Any], maximum: Any) -> None:
    if maximum is None or name not in values:
        return
    if values[name] is None or values[name] > maximum:
        raise InvalidInputError(f"{name} may be {maximum} at most.", param=name)


def _check_life(duration: str | UnsetType | None, maximum: str | None) -> None:
    if maximum is None or duration is UNSET:
        return
    now = datetime.now(UTC)
    if duration in {None, NEVER} or after(now, str(duration)) > after(now, maximum):
        raise InvalidInputError(f"A key may live {maximum} at most.", param="duration")


def check_model_budgets(order: KeyOrder, terms: Defaults) -> None:
    """Refuse budgets for single models that are larger than a key's own may be.

    Raises:
        InvalidInputError: One of them is.
    """
    maximum = terms.key_maximums.max_budget
    budgets: dict[str, Limits] = dict(order.model_budgets or {}) if order.model_budgets is not UNSET else {}
    for model, limits in budgets.items():
        if maximum is not None and limits.max_budget is not None and limits.max_budget > maximum:
            raise InvalidInputError(f"The budget of {model} may be {maximum} at most.", param="model_max_budget")


class OwnKeyRules:
    """Which changes of their keys people may make themselves."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def check_terms(self, key_id: UUID, user_id: str) -> None:
        """Raise if somebody else issued the key or changed it: then its terms are theirs.

        Raises:
            NotYoursToChangeError: It is so.
        """
        async with self._pool.acquire() as connection:
            if await connection.fetchval(_TERMS_OF_OTHERS, str(key_id), user_id):
                raise NotYoursToChangeError("An administrator set the limits of this key. Ask them to change it.")

    async def check_unblock(self, key_id: UUID, user_id: str) -> None:
        """Raise if somebody else blocked the key.

        Raises:
            NotYoursToChangeError: It is so.
        """
        async with self._pool.acquire() as connection:
            if await connection.fetchval(_BLOCKED_BY, str(key_id)) != user_id:
                raise NotYoursToChangeError("An administrator blocked this key. Ask them to unblock it.")
