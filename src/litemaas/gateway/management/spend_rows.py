"""Calls and sums of spend as the spend routes show them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from msgspec import Struct

from litemaas.domain.spend.entities import DailySum, LedgerRow
from litemaas.providers.units import Units

_ZERO = Decimal(0)
_FIRST_ERROR = 400


class CallRow(Struct, kw_only=True):
    """One call. Prompts and answers are never kept, so that they cannot be shown."""

    request_id: UUID
    call_type: str
    api_key: str
    spend: Decimal
    total_tokens: int
    prompt_tokens: int
    completion_tokens: int
    startTime: datetime  # noqa: N815 - LiteLLM's name
    endTime: datetime  # noqa: N815
    completionStartTime: datetime | None  # noqa: N815
    request_duration_ms: int
    model: str
    model_id: str
    model_group: str
    custom_llm_provider: str
    user: str
    team_id: str | None
    end_user: str | None
    metadata: dict[str, Any]
    cache_hit: str
    request_tags: list[str]
    status: str
    http_status: int
    api_base: str = ""
    messages: dict[str, Any] = {}
    response: dict[str, Any] = {}


def call_row(row: LedgerRow) -> CallRow:
    """Show a call."""
    first_byte = row.first_byte_ms
    return CallRow(
        request_id=row.id,
        call_type=row.endpoint,
        api_key=row.key_hash,
        spend=row.cost,
        total_tokens=row.input_tokens + row.output_tokens,
        prompt_tokens=row.input_tokens,
        completion_tokens=row.output_tokens,
        startTime=row.started_at,
        endTime=row.started_at + timedelta(milliseconds=row.duration_ms),
        completionStartTime=None if first_byte is None else row.started_at + timedelta(milliseconds=first_byte),
        request_duration_ms=row.duration_ms,
        model=row.model,
        model_id=row.deployment_id,
        model_group=row.model,
        custom_llm_provider=row.provider,
        user=row.user_id or "",
        team_id=row.team_id,
        end_user=row.end_user,
        metadata={
            "user_api_key_alias": row.key_alias,
            "estimated": row.estimated,
            "streamed": row.streamed,
            "error_code": row.error_code,
            "labels": row.labels or {},
            "units": {name: used for name in Units._fields if (used := getattr(row, name))},
        },
        cache_hit=str(row.cached),
        request_tags=[],
        status="failure" if row.status >= _FIRST_ERROR else "success",
        http_status=row.status,
    )


def day_rows(
    users: Mapping[date, Mapping[str, Decimal]], models: Mapping[date, Mapping[str, Decimal]], owner: str | None
) -> list[dict[str, Any]]:
    """One row a day with the spend by user and by model; `owner` gets the day's spend under their own name."""
    rows = []
    for day, by_model in models.items():
        spend = sum(by_model.values(), _ZERO)
        row = {"startTime": day, "spend": spend, "users": users[day], "models": by_model}
        rows.append({**row, owner: spend} if owner else row)
    return rows


def team_report(sums: Iterable[DailySum]) -> list[dict[str, Any]]:
    """Spend by day and team, with what each key of the team spent on each model; `sums` are sorted so."""
    return [
        {"group_by_day": day, "teams": [_team(list(of_team)) for _, of_team in groupby(found, key=_team_of)]}
        for day, found in groupby(sums, key=lambda one: one.day)
    ]


def key_report(sums: Iterable[DailySum]) -> list[dict[str, Any]]:
    """Spend by key, with what it spent on each model."""
    by_key: dict[str, list[DailySum]] = defaultdict(list)
    for one in sums:
        by_key[one.key_hash].append(one)
    return [
        {"api_key": key, "key_alias": found[0].key_alias, **_sums(found), "model_details": _by_model(found)}
        for key, found in by_key.items()
    ]


def _team_of(one: DailySum) -> str:
    return one.team_id


def _team(sums: list[DailySum]) -> dict[str, Any]:
    return {
        "team_id": sums[0].team_id,
        "team_name": sums[0].team_alias or sums[0].team_id,
        "total_spend": sum((one.cost for one in sums), _ZERO),
        "metadata": [
            {
                "model": one.model,
                "spend": one.cost,
                "total_tokens": one.input_tokens + one.output_tokens,
                "api_key": one.key_hash,
            }
            for one in sums
        ],
    }


def _by_model(sums: list[DailySum]) -> list[dict[str, Any]]:
    by_model: dict[str, list[DailySum]] = defaultdict(list)
    for one in sums:
        by_model[one.model].append(one)
    return [{"model": model, **_sums(found)} for model, found in by_model.items()]


def _sums(sums: list[DailySum]) -> dict[str, Any]:
    return {
        "total_cost": sum((one.cost for one in sums), _ZERO),
        "total_input_tokens": sum(one.input_tokens for one in sums),
        "total_output_tokens": sum(one.output_tokens for one in sums),
    }
