import dataclasses

import pytest
from benchmarks.page import write_page
from benchmarks.tables import cell_tables, number, remarks


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0.00"), (0.018, "0.02"), (1.234, "1.23"), (12.345, "12.3"), (123.45, "123"), (55451.2, "55,451")],
)
def test_figures_have_three_digits(value, written):
    assert number(value) == written


def test_a_table_sets_the_contenders_side_by_side(make):
    samples = [make.sample("nginx", number=n, cpu_us=20.0) for n in (1, 2)]
    samples += [make.sample("litemaas", number=n, cpu_us=30.0 + 2 * n) for n in (1, 2)]
    (table,) = cell_tables(make.run(samples))
    assert [row[:4] for row in table.rows] == [
        ("nginx", "20.0 [20.0 - 20.0]", "-", "0.61 [0.59 - 0.62]"),
        ("litemaas", "33.0 [32.0 - 34.0]", "1.65 [1.60 - 1.70]", "-"),
    ]


def test_a_failed_cell_shows_no_figure_and_says_why(make):
    run = make.run([make.sample("nginx", load=make.load(refused=3))])
    (table,) = cell_tables(run)
    assert table.rows == [("nginx", *["-"] * 6, "FAILED 1 of 1")]
    assert any("3 refused" in line for line in remarks(run))


def test_the_page_names_the_command_the_machine_and_every_target(make):
    run = make.run([make.sample("nginx"), make.sample("litemaas", cpu_us=30.0)], check="the money is right")
    page = write_page(run)
    for part in (
        run.command,
        run.date,
        run.machine.cpu,
        run.machine.kernel,
        "1.50 times",
        "reached",
        "the money is right",
    ):
        assert part in page


def test_work_done_wrongly_is_told(make):
    run = make.run([make.sample("litemaas")], fault="10 calls cost 1 but 2 was charged")
    assert "litemaas did its work wrongly: 10 calls cost 1 but 2 was charged." in remarks(run)


def test_a_run_on_a_busy_machine_says_so(make):
    quiet, busy = make.sample(), dataclasses.replace(make.sample(), interference=0.5)
    assert remarks(make.run([quiet]))[-1].endswith("a quiet machine.")
    assert "do not quote" in remarks(make.run([quiet, busy]))[-1]


def test_a_peer_that_cannot_be_had_is_named_with_the_reason(make):
    run = make.run([make.sample()], absent={"litellm": "pip cannot install it"})
    assert "litellm takes no part: pip cannot install it." in remarks(run)


def test_a_contender_stands_only_in_the_tables_of_its_loads(make):
    calls, streams = cell_tables(make.run([make.sample("nginx"), make.sample("portkey", "streams-32")]))
    assert ([row[0] for row in calls.rows], [row[0] for row in streams.rows]) == (["nginx"], ["portkey"])
