from msgspec import Struct

from litemaas.domain.administration.model_orders import merged
from litemaas.domain.administration.patches import apply_patch


class Thing(Struct, frozen=True):
    name: str
    limit: int | None = None
    blocked: bool = False
    labels: dict[str, str] = {}


def test_what_is_absent_stays_and_none_returns_to_the_default():
    thing = Thing("a", 5, True, {"x": "y"})
    assert apply_patch(thing, {}) == thing
    assert apply_patch(thing, {"limit": None}) == Thing("a", None, True, {"x": "y"})
    assert apply_patch(thing, {"blocked": None, "labels": None}) == Thing("a", 5)
    assert apply_patch(thing, {"name": "b", "limit": 0}) == Thing("b", 0, True, {"x": "y"})


def test_a_default_is_never_shared():
    one, two = (apply_patch(Thing("a"), {"labels": None}) for _ in range(2))
    assert one.labels is not two.labels


def test_none_takes_a_setting_away():
    assert merged({"a": 1, "b": 2}, {"b": None, "c": 3}) == {"a": 1, "c": 3}
