"""The header lines of a model that goes out of use."""

from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

import pytest

from litemaas.domain.catalog.entities import Retirement
from litemaas.gateway.upstreams.retirement import retirement_lines


def test_a_model_that_stays_in_use_adds_nothing():
    assert retirement_lines(None) == ""


def test_the_lines_are_those_of_the_rfcs():
    lines = retirement_lines(Retirement(date(2026, 12, 1), date(2027, 3, 1), "new/größer"))
    assert lines == (
        "deprecation: @1796083200\r\n"
        "sunset: Mon, 01 Mar 2027 00:00:00 GMT\r\n"
        'link: </v1/models/new%2Fgr%C3%B6%C3%9Fer>; rel="successor-version"\r\n'
    )
    deprecated, sunset = (line.partition(": ")[2] for line in lines.splitlines()[:2])
    assert datetime.fromtimestamp(int(deprecated.removeprefix("@")), UTC) == datetime(2026, 12, 1, tzinfo=UTC)
    assert parsedate_to_datetime(sunset) == datetime(2027, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("retirement", "names"),
    [
        (Retirement(date(2026, 12, 1), None, None), ["deprecation"]),
        (Retirement(None, date(2026, 12, 1), "new"), ["sunset", "link"]),
    ],
)
def test_what_is_not_known_is_not_told(retirement, names):
    assert [line.partition(":")[0] for line in retirement_lines(retirement).splitlines()] == names
