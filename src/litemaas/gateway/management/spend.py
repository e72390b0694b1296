"""`/spend/*`, `/global/spend*` and daily activity: what was spent, by whom, on what. Days are UTC."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from msgspec.structs import replace
from pydantic import BaseModel, BeforeValidator, Field

from litemaas.bootstrap import Platform
from litemaas.domain.budgets.entities import GLOBAL_ACCOUNT
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.keys.texts import hash_of
from litemaas.domain.spend.entities import DailyRow, SpendFilter
from litemaas.gateway.management.access import ADMINISTRATORS_ONLY, AnyPlatform
from litemaas.gateway.management.activity import activity, label_activity
from litemaas.gateway.management.fields import Name, Text
from litemaas.gateway.management.paging import PageNumber, page_count
from litemaas.gateway.management.rendering import answers, render
from litemaas.gateway.management.routing import ManagementRoute
from litemaas.gateway.management.spend_rows import CallRow, call_row, day_rows, key_report, team_report

router = APIRouter(tags=["spend"], route_class=ManagementRoute, dependencies=ADMINISTRATORS_ONLY)


def _day(value: object) -> object:
    """Accept a date, or a moment of which the date counts."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise ValueError("must be a date such as 2026-11-22") from None


Day = Annotated[date, BeforeValidator(_day)]


class WhoseSpend(BaseModel):
    """Query that all spend routes share."""

    start_date: Day | None = Field(default=None, description="First day, UTC")
    end_date: Day | None = Field(default=None, description="Last day, UTC")
    api_key: Text | None = Field(default=None, description="A key, by text or hash")
    user_id: Text | None = None
    team_id: Text | None = None
    model: Text | None = None

    def filter(self) -> SpendFilter:
        """Whose spend is wanted."""
        return SpendFilter(
            first_day=self.start_date,
            last_day=self.end_date,
            key_hash=hash_of(self.api_key) if self.api_key else None,
            user_id=self.user_id,
            team_ids=self.team_id.split(",") if self.team_id else None,
            model=self.model,
        )


class WhoseCalls(WhoseSpend):
    """Query of routes that show single calls, which have labels."""

    label: Annotated[list[Text], Field(max_length=16, description="As name=value; several: all of them")] = []

    def filter(self) -> SpendFilter:
        """Whose calls are wanted."""
        return replace(super().filter(), labels=dict(map(_label, self.label)))


def _label(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign):
        raise InvalidInputError("A label is asked for as name=value, e.g. cost_centre=4711.", param="label")
    return name, value


class LogQuery(WhoseCalls):
    """Query of `/spend/logs`."""

    request_id: UUID | None = Field(default=None, description="Our id of a call")
    summarize: bool = True


class LogPageQuery(WhoseCalls):
    """Query of `/spend/logs/v2`."""

    request_id: UUID | None = None
    status_filter: Literal["success", "failure"] | None = None
    page: PageNumber = 1
    page_size: Annotated[int, Field(ge=1, le=1000)] = 50
    sort_by: str = "startTime"
    sort_order: Literal["asc", "desc"] = "desc"


class ActivityQuery(WhoseSpend):
    """Query of the daily activity routes; the dates are required."""

    start_date: Day
    end_date: Day
    team_ids: Text | None = None
    page: PageNumber = 1
    page_size: Annotated[int, Field(ge=1, le=1000)] = 50


class LabelQuery(BaseModel):
    """Query of `/label/daily/activity`."""

    label: Name = Field(description="Name of the label whose values are told apart, e.g. cost_centre")
    start_date: Day
    end_date: Day


class DaysQuery(BaseModel):
    """Query of `/label/list`; the dates are required."""

    start_date: Day
    end_date: Day


class ReportQuery(WhoseSpend):
    """Query of `/global/spend/report`; the dates are required."""

    start_date: Day
    end_date: Day
    group_by: Literal["team", "customer", "api_key"] = "team"
    internal_user_id: Text | None = None


@router.get("/spend/logs", responses=answers(list[CallRow]))
async def spend_logs(platform: AnyPlatform, query: Annotated[LogQuery, Query()]) -> Response:
    """With both dates sums by day, else single calls, the latest first and at most 10,000; so with a label."""
    wanted = query.filter()
    summed = query.summarize and query.request_id is None and not query.label
    if summed and query.start_date and query.end_date:
        users = await platform.reports.by_day(wanted, "user")
        models = await platform.reports.by_day(wanted, "model")
        return render(day_rows(users, models, wanted.key_hash or wanted.user_id))
    rows, _ = await platform.reports.calls(wanted, call_id=query.request_id)
    return render([call_row(row) for row in rows])


@router.get("/spend/logs/v2")
async def page_of_spend_logs(platform: AnyPlatform, query: Annotated[LogPageQuery, Query()]) -> Response:
    """One page of calls; `total` counts no further than 10,000."""
    rows, total = await platform.reports.calls(
        query.filter(),
        call_id=query.request_id,
        failed=None if query.status_filter is None else query.status_filter == "failure",
        sort_by=query.sort_by,
        descending=query.sort_order == "desc",
        limit=query.page_size,
        offset=(query.page - 1) * query.page_size,
    )
    return render(
        {
            "data": [call_row(row) for row in rows],
            "total": total,
            "page": query.page,
            "page_size": query.page_size,
            "total_pages": page_count(total, query.page_size),
        }
    )


@router.get("/user/daily/activity")
async def user_activity(platform: AnyPlatform, query: Annotated[ActivityQuery, Query()]) -> Response:
    """Daily sums, broken down by model, provider, endpoint, key and user. Pages and their totals are of daily rows.

    `total_pages` counts no further than 10,000 rows ahead; `has_more` is right on every page.
    """
    rows, total = await _page_of_days(platform, query, query.filter())
    return render(activity(rows, lambda row: row.user_id, query.page, page_count(total, query.page_size)))


@router.get("/team/daily/activity")
async def team_activity(platform: AnyPlatform, query: Annotated[ActivityQuery, Query()]) -> Response:
    """The same by team; `team_ids` names some, with commas between them."""
    teams = query.team_ids or query.team_id
    wanted = query.model_copy(update={"team_id": teams}).filter()
    rows, total = await _page_of_days(platform, query, wanted)
    return render(activity(rows, lambda row: row.team_id, query.page, page_count(total, query.page_size)))


@router.get("/label/daily/activity")
async def label_activity_by_day(platform: AnyPlatform, query: Annotated[LabelQuery, Query()]) -> Response:
    """Daily sums of all calls, and by the values of a label that the calls had when they were made."""
    return render(label_activity(await platform.labels.days(query.label, query.start_date, query.end_date)))


@router.get("/label/list")
async def list_labels(platform: AnyPlatform, query: Annotated[DaysQuery, Query()]) -> Response:
    """Names of the labels that calls of this time had."""
    return render({"labels": await platform.labels.names(query.start_date, query.end_date)})


@router.get("/global/spend/report")
async def spend_report(platform: AnyPlatform, query: Annotated[ReportQuery, Query()]) -> Response:
    """Sums by team or by key."""
    if query.group_by == "customer":
        raise InvalidInputError("Spend is not summed by customer; group by team or api_key.", param="group_by")
    owner = query.internal_user_id or query.user_id
    sums = await platform.reports.sums(query.model_copy(update={"user_id": owner}).filter())
    return render(team_report(sums) if query.group_by == "team" else key_report(sums))


@router.get("/global/spend")
async def global_spend(platform: AnyPlatform) -> Response:
    """US dollars that all calls together did cost, and the limit of all, if there is one."""
    account = platform.snapshot.accounts.get(GLOBAL_ACCOUNT)
    return render({"spend": await platform.reports.total(), "max_budget": account.max_budget if account else None})


async def _page_of_days(platform: Platform, query: ActivityQuery, wanted: SpendFilter) -> tuple[list[DailyRow], int]:
    return await platform.reports.days(wanted, limit=query.page_size, offset=(query.page - 1) * query.page_size)
