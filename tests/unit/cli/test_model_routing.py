import json

ROUTING = {
    "strategy": "simple-shuffle",
    "retries": 2,
    "fallbacks": ["large"],
    "context_window_fallbacks": [],
    "allowed_fails": 3,
    "cooldown_seconds": 5.0,
}
ROW = {"model_name": "small", "model_info": {"id": "one", "routing": ROUTING}}


def test_without_options_it_is_shown_and_nothing_changes(api, run):
    api.answer("GET", "/model/info", {"data": [ROW]})
    lines = run("model", "route", "small").stdout.splitlines()
    assert [line.split() for line in lines if "fallbacks" in line] == [
        ["fallbacks", "large"],
        ["context", "window", "fallbacks", "none"],
    ]
    assert [method for method, _, _ in api.requests] == ["GET"]


def test_only_what_is_said_is_sent(api, run):
    api.answer("GET", "/model/info", {"data": [ROW]})
    api.answer("POST", "/model/update", ROW)
    words = ("--strategy", "least-busy", "--fallback", "large", "--fallback", "medium", "--cooldown", "30", "--json")
    assert json.loads(run("model", "route", "small", *words).stdout) == ROUTING
    said = {"strategy": "least-busy", "fallbacks": ["large", "medium"], "cooldown_seconds": 30.0}
    assert api.requests[-1][2] == {"model_info": {"id": "one", "routing": said}}


def test_stand_ins_are_taken_away_together(api, run):
    api.answer("GET", "/model/info", {"data": [ROW]})
    api.answer("POST", "/model/update", ROW)
    run("model", "route", "small", "--no-fallback")
    said = {"fallbacks": None, "context_window_fallbacks": None}
    assert api.requests[-1][2]["model_info"]["routing"] == said


def test_naming_stand_ins_and_taking_them_away_is_refused(api, run):
    assert run("model", "route", "small", "--no-fallback", "--fallback", "large").exit_code == 2
    assert api.requests == []
