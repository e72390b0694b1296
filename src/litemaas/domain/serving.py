"""Models ready to be called: group, deployments, credentials and prices in one place, for routing and admission."""

import logging
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import force_setattr

from litemaas.domain.catalog.entities import Deployment, ModelGroup, Retirement
from litemaas.domain.pricing.entities import Price
from litemaas.settings import Secret
from litemaas.storage.vault import Vault, VaultError

_log = logging.getLogger(__name__)
_FREE = Price("", datetime.min.replace(tzinfo=UTC))


class Target(Struct, frozen=True, eq=False):
    """A deployment that calls can be sent to.

    Attributes:
        model: The group's public name.
        credential: The upstream's API key; None: it wants none.
        prices: In ascending order of `effective_from`; none: free of charge.
        retirement: How its model goes out of use; None: it does not.
        price_starts: Unix times from which the prices are in force.
    """

    deployment: Deployment
    model: str
    credential: Secret | None
    prices: tuple[Price, ...]
    retirement: Retirement | None = None
    price_starts: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        force_setattr(self, "price_starts", tuple(price.effective_from.timestamp() for price in self.prices))

    def price_at(self, now: float) -> Price:
        """The price in force at Unix time `now`."""
        begun = bisect_right(self.price_starts, now)
        return self.prices[begun - 1] if begun else _FREE


class ServedModel(Struct, frozen=True, eq=False):
    """A model group and what serves it."""

    group: ModelGroup
    targets: tuple[Target, ...]
    upstream_names: tuple[str, ...]

    @property
    def name(self) -> str:
        """The public name."""
        return self.group.name

    @property
    def access_groups(self) -> Sequence[str]:
        """Access groups the model is in."""
        return self.group.access_groups

    @property
    def restricted(self) -> bool:
        """Whether an administrator decides who may call the model."""
        return self.group.restricted


class Catalog:
    """All served models by each name that a client may use."""

    def __init__(self, models: Iterable[ServedModel] = ()) -> None:
        self.models = {model.name: model for model in models}
        self._by_upstream_name: dict[str, list[ServedModel]] = {}
        for model in self.models.values():
            for name in model.upstream_names:
                self._by_upstream_name.setdefault(name, []).append(model)

    def named(self, name: str) -> list[ServedModel]:
        """The models that `name` means: the one with this public name, else those that serve this `openai/<id>`."""
        model = self.models.get(name)
        return [model] if model else self._by_upstream_name.get(name, [])


def build_catalog(
    groups: Iterable[ModelGroup],
    deployments: Iterable[Deployment],
    prices: dict[str, list[Price]],
    vault: Vault,
) -> Catalog:
    """Put together what is served: all but deployments whose credential was sealed with another salt key."""
    by_group: dict[UUID, list[Deployment]] = {}
    for deployment in deployments:
        by_group.setdefault(deployment.group_id, []).append(deployment)
    return Catalog(_served(group, by_group.get(group.id, []), prices, vault) for group in groups)


def _served(
    group: ModelGroup, deployments: list[Deployment], prices: dict[str, list[Price]], vault: Vault
) -> ServedModel:
    targets = []
    for one in deployments:
        try:
            credential = vault.open(one.credential) if one.credential else None
        except VaultError:  # the others go on; `rotate-salt` may be at work
            _log.error("deployment %s is not served: its credential was sealed with another salt key", one.id)
            continue
        targets.append(Target(one, group.name, credential, tuple(prices.get(one.id, ())), group.retirement))
    names = dict.fromkeys(f"{one.provider}/{one.upstream_model}" for one in deployments)
    return ServedModel(group, tuple(targets), tuple(names))
