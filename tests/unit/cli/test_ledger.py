from datetime import date
from pathlib import Path

STATUS = {
    "months_kept": 12,
    "calls": 1234567,
    "bytes": 3 * 1024**3,
    "rollup_bytes": 10 * 1024**2,
    "partitions": [{"name": "ledger_2026_11", "month": "2026-11-01", "bytes": 3 * 1024**3, "calls": 1234567}],
}


def test_status_shows_months_and_sizes(api, run):
    api.answer("GET", "/ledger/status", STATUS)
    result = run("ledger", "status")
    assert "2026-11" in result.output
    assert "1,234,567" in result.output
    assert "3.0 GB" in result.output
    assert "12 whole months" in result.output


def test_a_long_rebuild_goes_in_steps_and_shows_what_was_wrong(api, run):
    def rebuilt(asked: dict) -> dict:
        first, last = date.fromisoformat(asked["first_day"]), date.fromisoformat(asked["last_day"])
        days = [date.fromordinal(one).isoformat() for one in range(first.toordinal(), last.toordinal() + 1)]
        zero = {"requests_before": 2, "requests": 1, "cost_before": "9.0", "cost": 0.5}
        return {"days": [{"day": day, "changed": day == "2026-11-03", **zero, "cost_before": 9} for day in days]}

    api.answer("POST", "/ledger/rebuild", rebuilt)
    result = run("ledger", "rebuild", "--from", "2026-11-01", "--to", "2026-11-10")
    assert [body["last_day"] for _, _, body in api.requests] == ["2026-11-07", "2026-11-10"]
    assert "2026-11-03" in result.output
    assert "Rebuilt 10 days; 1 had been wrong." in result.output


def test_an_export_is_written_to_a_file_that_is_whole_or_not_there(api, run, tmp_path: Path):
    api.answer("GET", "/ledger/export", b"id,cost\n1,0.5\n")
    file = tmp_path / "calls.csv"
    assert run("ledger", "export", "--from", "2026-11-01", "--user", "ada", "-o", str(file)).exit_code == 0
    assert file.read_bytes() == b"id,cost\n1,0.5\n"
    assert api.requests[0][2] == {"format": "csv", "start_date": "2026-11-01", "user_id": "ada"}
    assert [one.name for one in tmp_path.iterdir()] == ["calls.csv"]


def test_a_refused_export_is_a_sentence(api, run):
    api.status = 400
    api.answer("GET", "/ledger/export", {"error": {"message": "That is no day."}})
    result = run("ledger", "export")
    assert result.exit_code == 1
    assert "That is no day." in result.output
