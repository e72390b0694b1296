"""LiteLLM's daily spend as ours, marked as counted elsewhere: its single calls are not in our ledger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from litemaas.domain.moving.entities import IMPORTED, Row
from litemaas.domain.moving.litellm.holdings import Holdings

_COUNTS = {
    "api_requests": "requests",
    "failed_requests": "failed_requests",
    "prompt_tokens": "input_tokens",
    "completion_tokens": "output_tokens",
    "cache_read_input_tokens": "cached_input_tokens",
    "cache_creation_input_tokens": "cache_write_tokens",
    "spend": "cost",
    "total_response_time_ms": "duration_ms",
}


def read_spend(holdings: Holdings, days: Iterable[Row], owners: Mapping[str, Row]) -> None:
    """Read daily spend.

    Args:
        days: Rows of LiteLLM's daily spend by user, which has every call once.
        owners: Rows of our keys by the hash that LiteLLM names them by.
    """
    summed: dict[tuple[str, ...], dict[str, Any]] = defaultdict(lambda: dict.fromkeys(_COUNTS.values(), 0))
    for day in days:
        owner = owners.get(day["api_key"], {})
        place = (
            date.fromisoformat(day["date"]).isoformat(),
            owner.get("id") or "",
            day.get("user_id") or "",
            owner.get("team_id") or "",
            day.get("model_group") or day.get("model") or "",
            day.get("custom_llm_provider") or "",
        )
        counts = summed[place]
        for theirs, ours in _COUNTS.items():
            counts[ours] += day.get(theirs) or 0
    for (iso_day, key_id, user_id, team_id, model, provider), counts in summed.items():
        owner_columns = {"key_id": key_id, "user_id": user_id, "team_id": team_id}
        what = {"day": iso_day, "model": model, "provider": provider, "endpoint": IMPORTED}
        holdings.add("daily_spend", {**what, **owner_columns, **counts})
