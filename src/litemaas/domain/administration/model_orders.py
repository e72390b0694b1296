"""What an administrator says about a model to be added or changed."""

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from litemaas.domain.administration.patches import Patch, apply_patch
from litemaas.domain.catalog.entities import Deployment, ModelGroup
from litemaas.domain.pricing.entities import Price
from litemaas.settings import Secret


class ModelOrder(Struct, frozen=True, kw_only=True):
    """A deployment to be added, or what is to change about one.

    Attributes:
        name: The public name, which is its group's.
        model: The upstream's name, as `<provider>/<model>`.
        provider: The provider, if said apart from the model.
        credential: The upstream's API key; None: it wants none.
        group: Values of the group's fields.
        routing: Values of its routing's.
        fields: Values of the deployment's own fields.
        timeouts: Values of its timeouts.
        settings: Other parameters, added to those that are there.
        metadata: `model_info`, added to what is there.
        prices: Values of the price's fields; none given for a new deployment: the list price, if there is one.
        base_model: Under what name the price list has the model, if not under the upstream's.
    """

    name: str | None = None
    model: str | None = None
    provider: str | None = None
    api_base: str | UnsetType | None = UNSET
    credential: Secret | UnsetType | None = UNSET
    group: Patch = {}
    routing: Patch = {}
    fields: Patch = {}
    timeouts: Patch = {}
    settings: Patch = {}
    metadata: Patch = {}
    prices: Patch = {}
    base_model: str | None = None


class ModelDetail(Struct, frozen=True):
    """A deployment, the group it serves, and its price, if it has one."""

    group: ModelGroup
    deployment: Deployment
    price: Price | None


def ordered(group: ModelGroup, order: ModelOrder) -> ModelGroup:
    """`group` as `order` wants it; its name stays."""
    group = apply_patch(group, order.group)
    return replace(group, routing=apply_patch(group.routing, order.routing))


def merged(present: Patch, changes: Patch) -> Patch:
    """`present` with `changes`; None takes a field away."""
    together = {**present, **changes}
    return {name: value for name, value in together.items() if value is not None}
