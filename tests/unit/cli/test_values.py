import pytest

AMOUNTS = ["x", "", "nan", "inf", "-1", "1,5"]


@pytest.mark.parametrize("amount", AMOUNTS)
def test_what_is_no_amount_of_money_is_refused_with_a_sentence(api, run, amount):
    for words in (("key", "issue", "--max-budget", amount), ("price", "set", "granite", "--input-price", amount)):
        result = run(*words)
        assert (result.exit_code, "is no amount of dollars" in result.stderr) == (2, True)
    assert api.requests == []


@pytest.mark.parametrize("day", ["2030-13-01", "tomorrow", "01.11.2026"])
def test_what_is_no_day_is_refused_with_one_that_is(api, run, day):
    result = run("model", "deprecate", "granite", "--from", day)
    assert (result.exit_code, "such as 2026-11-01" in result.stderr) == (2, True)
    assert api.requests == []


def test_a_label_has_a_name_and_a_value(api, run):
    assert "write NAME=VALUE" in run("key", "issue", "--label", "moon").stderr
    assert api.requests == []
