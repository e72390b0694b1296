import datetime as dt
import json

import pytest


def metrics(spend, requests=1):
    return {
        "spend": spend,
        "api_requests": requests,
        "failed_requests": 0,
        "prompt_tokens": 1000,
        "completion_tokens": 10,
    }


def day(date, **keys):
    groups = {name: {"metrics": one, "metadata": {"key_alias": f"alias-{name}"}} for name, one in keys.items()}
    totals = {metric: sum(one[metric] for one in keys.values()) for metric in metrics(0)}
    return {"date": date, "metrics": totals, "breakdown": {"api_keys": groups, "models": groups}}


def page(*days, has_more=False):
    return {"results": days, "metadata": {"has_more": has_more}}


@pytest.fixture
def two_days(api):
    """Two pages, with the second day on both."""
    pages = {
        "1": page(day("2026-11-01", a=metrics(0.001)), day("2026-11-02", a=metrics(10.5)), has_more=True),
        "2": page(day("2026-11-02", b=metrics(1000.25))),
    }
    api.answer("GET", "/user/daily/activity", lambda query: pages[query["page"]])


def test_spend_is_added_up_by_key_over_all_pages(two_days, run):
    lines = run("spend").stdout.splitlines()
    shown = [line.split() for line in lines if "$" in line]
    assert [(line[0], line[-1]) for line in shown] == [
        ("alias-b", "$1,000.25"),
        ("alias-a", "$10.50"),
        ("Total", "$1,010.75"),
    ]


def test_a_key_without_an_alias_is_shown_by_the_end_of_its_text(api, run):
    unnamed = {"a" * 64: {"metrics": metrics(1), "metadata": {"key_alias": None, "key_name": "sk-...wxyz"}}}
    api.answer(
        "GET",
        "/user/daily/activity",
        page({"date": "2026-11-01", "metrics": metrics(1), "breakdown": {"api_keys": unnamed}}),
    )
    assert run("spend").stdout.splitlines()[2].split()[0] == "sk-...wxyz"


def test_spend_that_belongs_to_nobody_has_a_line(api, run):
    someone = {"team": {"metrics": metrics(1)}}
    api.answer(
        "GET",
        "/team/daily/activity",
        page({"date": "2026-11-01", "metrics": metrics(3, requests=2), "breakdown": {"entities": someone}}),
    )
    shown = [line.split() for line in run("spend", "--by", "team").stdout.splitlines() if "$" in line]
    assert [(line[0], line[-1]) for line in shown] == [("(none)", "$2.00"), ("team", "$1.00"), ("Total", "$3.00")]


def test_days_come_in_their_order(two_days, run):
    shown = [line.split() for line in run("spend", "--by", "day").stdout.splitlines() if "$" in line]
    assert [(line[0], line[-1]) for line in shown] == [
        ("2026-11-01", "$0.001"),
        ("2026-11-02", "$1,010.75"),
        ("Total", "$1,010.75"),
    ]


def test_json_holds_the_exact_sums(two_days, run):
    answer = json.loads(run("spend", "--by", "model", "--json").stdout)
    assert answer["total"]["spend"] == 1010.751
    assert {row["model"]: row["spend"] for row in answer["rows"]} == {"a": 10.501, "b": 1000.25}


def test_since_takes_days_ago(two_days, api, run):
    run("spend", "--since", "7d")
    begins = dt.date.fromisoformat(api.requests[0][2]["start_date"])
    ends = dt.date.fromisoformat(api.requests[0][2]["end_date"])
    assert ends - begins == dt.timedelta(days=7)


def test_since_takes_a_day(two_days, api, run):
    run("spend", "--since", "2026-11-01")
    assert api.requests[0][2]["start_date"] == "2026-11-01"


def test_since_refuses_what_is_no_day(run):
    result = run("spend", "--since", "yesterday")
    assert result.exit_code == 2
    assert "7d" in result.stderr


def test_no_spend_is_a_sentence(api, run):
    api.answer("GET", "/user/daily/activity", page())
    result = run("spend")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing was spent" in result.stderr


def test_spend_is_told_apart_by_the_values_of_a_label(api, run):
    values = {"4711": {"metrics": metrics(1), "metadata": {}}}
    api.answer(
        "GET",
        "/label/daily/activity",
        page({"date": "2026-11-01", "metrics": metrics(3, requests=2), "breakdown": {"entities": values}}),
    )
    shown = [line.split() for line in run("spend", "--by", "label", "--label", "centre").stdout.splitlines()]
    assert [(line[0], line[-1]) for line in shown if line and "$" in line[-1]] == [
        ("(none)", "$2.00"),
        ("4711", "$1.00"),
        ("Total", "$3.00"),
    ]
    assert api.requests[0][2]["label"] == "centre"
    assert run("spend", "--by", "label").exit_code == 2
