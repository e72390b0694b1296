import hashlib
import json

TEXT = "sk-0123456789abcdef"
HASH = hashlib.sha256(TEXT.encode()).hexdigest()
ROW = {"token": HASH, "key_alias": "lab", "key_name": "sk-...cdef", "models": ["granite"], "spend": 0.5}


def listed(*rows, total_pages=1):
    return {"keys": rows, "total_pages": total_pages}


def test_issuing_prints_the_text_alone_on_standard_output(api, run):
    api.answer("POST", "/key/generate", {"key": TEXT})
    result = run("key", "issue", "--alias", "lab", "-m", "granite", "-m", "mini", "--max-budget", "0.10", "--rpm", "2")
    assert (result.exit_code, result.stdout) == (0, f"{TEXT}\n")
    assert "not shown again" in result.stderr
    assert api.requests[0][2] == {
        "key_alias": "lab",
        "models": ["granite", "mini"],
        "max_budget": "0.10",
        "rpm_limit": 2,
    }


def test_models_that_were_not_named_are_left_to_the_server(api, run):
    api.answer("POST", "/key/generate", {"key": TEXT})
    run("key", "issue")
    assert api.requests[0][2] == {}


def test_a_key_can_be_kept_from_cached_answers(api, run):
    api.answer("POST", "/key/generate", {"key": TEXT})
    run("key", "issue", "--no-cache")
    assert api.requests[0][2] == {"uses_cache": False}


def test_the_list_shows_all_pages(api, run):
    api.answer("GET", "/key/list", lambda query: listed(ROW | {"key_alias": f"lab-{query['page']}"}, total_pages=3))
    result = run("key", "list", "--user", "alice")
    assert [f"lab-{page}" in result.stdout for page in (1, 2, 3)] == [True] * 3
    assert "$0.50" in result.stdout
    assert {request[2]["user_id"] for request in api.requests} == {"alice"}


def test_a_key_is_named_by_its_alias(api, run):
    api.answer("GET", "/key/list", listed({"token": "0" * 64, "key_alias": "lab-2"}, ROW))
    api.answer("POST", "/key/block", {})
    assert run("key", "block", "lab").exit_code == 0
    assert api.requests[-1] == ("POST", "/key/block", {"key": HASH})


def test_a_key_is_named_by_its_hash(api, run):
    api.answer("POST", "/key/unblock", {})
    assert run("key", "unblock", HASH).exit_code == 0
    assert api.requests == [("POST", "/key/unblock", {"key": HASH})]


def test_a_keys_text_is_read_from_standard_input_and_only_its_hash_is_sent(api, run):
    api.answer("POST", "/key/delete", {"deleted_keys": [HASH]})
    assert run("key", "revoke", "--yes", "-", input=f"{TEXT}\n").exit_code == 0
    assert api.requests == [("POST", "/key/delete", {"keys": [HASH]})]


def test_a_keys_text_is_refused_as_an_argument(api, run):
    result = run("key", "block", TEXT)
    assert result.exit_code == 2
    assert "standard input" in result.stderr
    assert api.requests == []


def test_an_unknown_alias_fails_with_a_next_step(api, run):
    api.answer("GET", "/key/list", listed())
    result = run("key", "info", "nobody")
    assert result.exit_code == 1
    assert "litemaas key list" in result.stderr


def test_revoking_asks_first(api, run):
    result = run("key", "revoke", HASH, input="n\n")
    assert result.exit_code == 1
    assert api.requests == []


def test_rotating_prints_the_new_text(api, run):
    api.answer("POST", "/key/regenerate", {"key": "sk-new", "token": HASH})
    assert run("key", "rotate", HASH, "--grace-period", "24h").stdout == "sk-new\n"
    assert api.requests[0][2] == {"key": HASH, "grace_period": "24h"}


def test_info_shows_what_is_set_and_money_as_money(api, run):
    api.answer("GET", "/key/info", {"key": HASH, "info": {"spend": 0.000012, "max_budget": 5, "team_id": None}})
    result = run("key", "info", HASH)
    assert "$0.000012" in result.stdout
    assert "$5.00" in result.stdout
    assert "team_id" not in result.stdout
    assert json.loads(run("key", "info", HASH, "--json").stdout)["info"]["max_budget"] == 5


def test_a_key_is_issued_with_labels(api, run):
    api.answer("POST", "/key/generate", {"key": "sk-text"})
    run("key", "issue", "--label", "cost_centre=4711", "--label", "formula=a=b")
    assert api.requests[0][2] == {"metadata": {"labels": {"cost_centre": "4711", "formula": "a=b"}}}
    assert run("key", "issue", "--label", "cost_centre").exit_code == 2


def test_a_key_without_an_alias_is_listed_and_named_by_the_beginning_of_its_hash(api, run):
    api.answer(
        "GET", "/key/list", lambda query: listed() if "key_alias" in query else listed(ROW | {"key_alias": None})
    )
    api.answer("POST", "/key/block", {})
    name = run("key", "list").stdout.splitlines()[2].split()[0]
    assert (len(name), HASH.startswith(name)) == (12, True)
    assert run("key", "block", name).exit_code == 0
    assert api.requests[-1] == ("POST", "/key/block", {"key": HASH})


def test_the_beginning_of_several_hashes_names_none(api, run):
    other = HASH[:20] + "0" * 44
    api.answer("GET", "/key/list", lambda query: listed() if "key_alias" in query else listed(ROW, {"token": other}))
    result = run("key", "block", HASH[:12])
    assert (result.exit_code, "Several keys" in result.stderr) == (1, True)
    assert "POST" not in {method for method, _, _ in api.requests}


def test_columns_that_say_nothing_are_left_out(api, run):
    api.answer("GET", "/key/list", listed(ROW))
    assert run("key", "list").stdout.split()[:4] == ["Key", "Ends", "with", "Models"]


def test_a_change_sends_only_what_is_said(api, run):
    api.answer("POST", "/key/update", {"key": HASH})
    words = ("--max-budget", "10", "-m", "granite", "--unlimited", "rpm", "--unlimited", "duration")
    assert run("key", "update", HASH, *words).stdout == "Changed.\n"
    said = {"key": HASH, "max_budget": "10", "models": ["granite"], "rpm_limit": None, "duration": None}
    assert api.requests == [("POST", "/key/update", said)]


def test_a_change_of_nothing_or_of_a_limit_both_ways_is_not_sent(api, run):
    assert run("key", "update", HASH).exit_code == 2
    assert run("key", "update", HASH, "--rpm", "3", "--unlimited", "rpm").exit_code == 2
    assert api.requests == []
