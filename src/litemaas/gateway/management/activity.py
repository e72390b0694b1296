"""Daily rows of spend in the shape of `/user/daily/activity`: days, each broken down by model, provider and key."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any

from msgspec import Struct

from litemaas.domain.spend.entities import DailyRow
from litemaas.domain.spend.labels import LabelledDay
from litemaas.domain.spend.usage import Totals
from litemaas.gateway.management.key_rows import shown_key


class Metrics(Struct):
    """Sums; `spend` in US dollars."""

    spend: Decimal = Decimal(0)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cache_read_input_tokens: int = 0
    cache_creation_input_tokens: int = 0
    total_tokens: int = 0
    successful_requests: int = 0
    failed_requests: int = 0
    api_requests: int = 0
    total_response_time_ms: int = 0


_BY: dict[str, Callable[[DailyRow], str]] = {
    "models": lambda row: row.model,
    "model_groups": lambda row: row.model,
    "providers": lambda row: row.provider,
    "endpoints": lambda row: row.endpoint,
    "mcp_servers": lambda _: "",
    "api_keys": lambda row: row.key_hash,
}


def activity(rows: list[DailyRow], entity: Callable[[DailyRow], str], page: int, pages: int) -> dict[str, Any]:
    """The answer for one page of daily rows, the latest day first; `entity` names whose spend a row is."""
    results = [_day(list(found), entity) for _, found in groupby(rows, key=lambda row: row.day)]
    return {"results": results, "metadata": _page_metadata(_sum(rows), page, pages)}


def label_activity(days: Iterable[LabelledDay]) -> dict[str, Any]:
    """The same shape for days that are told apart by the values of a label."""
    results, totals = [], []
    for day in days:
        entities = {value: {"metrics": _metrics(sums), "metadata": {}} for value, sums in day.by_value.items()}
        results.append({"date": day.day, "metrics": _metrics(day.total), "breakdown": {"entities": entities}})
        totals.append(day.total)
    return {"results": results, "metadata": _page_metadata(_metrics(*totals), page=1, pages=1)}


def _page_metadata(total: Metrics, page: int, pages: int) -> dict[str, Any]:
    return {
        "total_spend": total.spend,
        "total_prompt_tokens": total.prompt_tokens,
        "total_completion_tokens": total.completion_tokens,
        "total_tokens": total.total_tokens,
        "total_api_requests": total.api_requests,
        "total_successful_requests": total.successful_requests,
        "total_failed_requests": total.failed_requests,
        "total_cache_read_input_tokens": total.cache_read_input_tokens,
        "total_cache_creation_input_tokens": total.cache_creation_input_tokens,
        "page": page,
        "total_pages": pages,
        "has_more": page < pages,
    }


def _day(rows: list[DailyRow], entity: Callable[[DailyRow], str]) -> dict[str, Any]:
    by = {**_BY, "entities": entity}
    breakdown = {kind: _broken_down(rows, name_of, by_key=kind != "api_keys") for kind, name_of in by.items()}
    return {"date": rows[0].day, "metrics": _sum(rows), "breakdown": breakdown}


def _broken_down(rows: list[DailyRow], name_of: Callable[[DailyRow], str], *, by_key: bool) -> dict[str, Any]:
    groups: dict[str, list[DailyRow]] = {}
    for row in rows:
        if name := name_of(row):
            groups.setdefault(name, []).append(row)
    told = {}
    for name, found in groups.items():
        told[name] = {"metrics": _sum(found), "metadata": {} if by_key else _key_metadata(found[0])}
        if by_key:
            told[name]["api_key_breakdown"] = _broken_down(found, _BY["api_keys"], by_key=False)
    return told


def _key_metadata(row: DailyRow) -> dict[str, str | None]:
    key_name = row.key_hint and shown_key(row.key_hint)
    return {"key_alias": row.key_alias, "key_name": key_name, "team_id": row.team_id or None}


def _sum(rows: Iterable[DailyRow]) -> Metrics:
    metrics = Metrics()
    for row in rows:
        metrics.spend += row.cost
        metrics.prompt_tokens += row.input_tokens
        metrics.completion_tokens += row.output_tokens
        metrics.cache_read_input_tokens += row.cached_input_tokens
        metrics.cache_creation_input_tokens += row.cache_write_tokens
        metrics.total_tokens += row.input_tokens + row.output_tokens
        metrics.failed_requests += row.failed_requests
        metrics.successful_requests += row.requests - row.failed_requests
        metrics.api_requests += row.requests
        metrics.total_response_time_ms += row.duration_ms
    return metrics


def _metrics(*parts: Totals) -> Metrics:
    metrics = Metrics()
    for part in parts:
        metrics.spend += part.cost
        metrics.prompt_tokens += part.input_tokens
        metrics.completion_tokens += part.output_tokens
        metrics.total_tokens += part.input_tokens + part.output_tokens
        metrics.failed_requests += part.failed_requests
        metrics.successful_requests += part.requests - part.failed_requests
        metrics.api_requests += part.requests
    return metrics
