from benchmarks.results import Machine
from benchmarks.scale.__main__ import PARTS
from benchmarks.scale.findings import Finding, findings_table
from benchmarks.scale.page import write_page


def test_a_finding_is_judged_by_its_target_and_only_told_without_one():
    found = [Finding("load", 1.5, "s", 2), Finding("memory", 193.2, "MB", 150), Finding("start", 3.0, "s")]
    assert [one.reached for one in found] == [True, False, True]
    assert findings_table("keys", found).rows == [
        ("load", "≤ 2 s", "1.50 s", "reached"),
        ("memory", "≤ 150 MB", "193 MB", "not reached"),
        ("start", "-", "3.00 s", "-"),
    ]


def test_the_page_explains_every_part_and_names_the_machine():
    machine = Machine("A CPU", 2, 24.0, "Linux 6", "3.11.7", "gcc 12", "wrk 4")
    page = write_page({part: [Finding(f"what of {part}", 3.0, "s", 2)] for part in PARTS}, machine)
    assert all(f"what of {part} | ≤ 2 s | 3.00 s | not reached" in page for part in PARTS)
    assert "A CPU, 2 CPUs, 24 GB" in page
    assert "make bench-scale SCALE=--write" in page
