from datetime import date
from decimal import Decimal

from litemaas.domain.spend.entities import DailyRow
from litemaas.gateway.management.activity import activity


def row(day: int, **fields) -> DailyRow:
    known = {
        "day": date(2026, 11, day),
        "key_hash": "k",
        "key_alias": None,
        "user_id": "ada",
        "team_id": "",
        "key_hint": "wxyz",
        "model": "granite",
        "provider": "openai",
        "endpoint": "/chat/completions",
        "requests": 2,
        "failed_requests": 1,
        "input_tokens": 3,
        "output_tokens": 4,
        "cached_input_tokens": 1,
        "cache_write_tokens": 0,
        "cost": Decimal("0.000000000001"),
        "duration_ms": 9,
    }
    return DailyRow(**{**known, **fields})


def test_nothing_spent_is_an_empty_list_with_zeros():
    told = activity([], lambda one: one.user_id, 1, 0)
    assert told["results"] == []
    assert (told["metadata"]["total_spend"], told["metadata"]["has_more"]) == (0, False)


def test_sums_are_exact_and_every_breakdown_adds_up_to_its_day():
    rows = [row(2), row(2, model="large", key_hash="other"), row(1)]
    told = activity(rows, lambda one: one.user_id, 1, 3)
    assert told["metadata"]["total_spend"] == Decimal("0.000000000003")
    assert told["metadata"]["has_more"] is True
    for day in told["results"]:
        for kind in ("models", "model_groups", "providers", "endpoints", "api_keys", "entities"):
            parts = [part["metrics"].total_tokens for part in day["breakdown"][kind].values()]
            assert sum(parts) == day["metrics"].total_tokens, kind


def test_a_key_is_told_by_alias_and_by_the_end_of_its_text():
    (day,) = activity([row(1)], lambda one: one.user_id, 1, 1)["results"]
    (key,) = day["breakdown"]["api_keys"].values()
    assert key["metadata"]["key_name"] == "sk-...wxyz"


def test_what_belongs_to_nobody_is_in_no_breakdown_by_name():
    (day,) = activity([row(1, user_id="")], lambda one: one.user_id, 1, 1)["results"]
    assert day["breakdown"]["entities"] == {}
    assert day["metrics"].api_requests == 2
