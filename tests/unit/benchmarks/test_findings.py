from benchmarks.scale.findings import Finding, findings_table


def test_a_finding_is_judged_by_its_target_and_only_told_without_one():
    found = [Finding("load", 1.5, "s", 2), Finding("memory", 193.2, "MB", 150), Finding("start", 3.0, "s")]
    assert [one.reached for one in found] == [True, False, True]
    assert findings_table("keys", found).rows == [
        ("load", "≤ 2 s", "1.50 s", "reached"),
        ("memory", "≤ 150 MB", "193 MB", "not reached"),
        ("start", "-", "3.00 s", "-"),
    ]
