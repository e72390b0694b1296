from decimal import Decimal

import pytest

from litemaas.cli.errors import CommandError
from litemaas.cli.output import Column, money, number, print_json, print_table


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "$0.00"),
        ("0.000012300", "$0.0000123"),
        ("0.00999", "$0.00999"),
        ("0.01", "$0.01"),
        ("12.345", "$12.34"),
        ("12.355", "$12.36"),
        ("1234567.8", "$1,234,567.80"),
        ("1E-9", "$0.000000001"),
    ],
)
def test_money_is_shown_to_the_cent_and_less_than_a_cent_exactly(amount, shown):
    assert money(Decimal(amount)) == shown


def test_json_keeps_every_digit_of_an_amount(capsys):
    print_json({"spend": Decimal("0.12345678901234567890")})
    assert '"spend": 0.12345678901234567890' in capsys.readouterr().out


def test_a_table_in_a_pipe_is_never_cut(capsys):
    print_table([Column("Name"), Column("Spend", is_number=True)], [["n" * 300, "$1.00"]], nothing="")
    assert "n" * 300 in capsys.readouterr().out


def test_numbers_and_their_total_stand_on_the_right(capsys):
    columns = [Column("Key"), Column("Spend", is_number=True)]
    print_table(columns, [["a", "$1.00"], ["b", "$1,000.00"]], totals=["Total", "$1,001.00"], nothing="")
    ends = [line.rstrip() for line in capsys.readouterr().out.splitlines() if "$" in line]
    assert [line.rpartition("$")[2] for line in ends] == ["1.00", "1,000.00", "1,001.00"]
    assert len({len(line) for line in ends}) == 1


def test_what_could_control_a_terminal_is_not_printed(capsys):
    print_table([Column("Name")], [["evil\x1b]0;title\x07"]], nothing="")
    assert "\x1b" not in capsys.readouterr().out


def test_an_empty_table_is_a_sentence_and_no_output(capsys):
    print_table([Column("Name")], [], nothing="No models yet.")
    assert capsys.readouterr() == ("", "No models yet.\n")


def test_an_amount_that_is_no_number_is_refused():
    with pytest.raises(CommandError, match="number"):
        number("12")
