ROW = {
    "name": "cards",
    "kind": "pattern",
    "action": "mask",
    "sides": ["input"],
    "patterns": ["[0-9]{16}"],
    "entities": [],
    "for_all": False,
    "bindings": [
        {"holder": "team", "id": "red", "key_hash": None, "key_alias": None},
        {"holder": "key", "id": "0192", "key_hash": "0" * 64, "key_alias": "laptop"},
    ],
}


def test_a_guardrail_is_added_and_whom_it_guards_is_said(api, run):
    api.answer("POST", "/guardrail/new", ROW)
    result = run("guardrail", "add", "cards", "--kind", "pattern", "--action", "mask", "--pattern", "[0-9]{16}")
    assert "guards nobody yet" in result.output
    ((_, _, body),) = api.requests
    assert (body["patterns"], body["for_all"], "sides" in body) == (["[0-9]{16}"], False, False)


def test_guardrails_are_listed_with_whom_they_guard(api, run):
    api.answer("GET", "/guardrail/list", {"guardrails": [ROW, ROW | {"for_all": True, "patterns": []}]})
    output = run("guardrail", "list").output
    for cell in ("cards", "[0-9]{16}", "mask", "team red, key laptop", "all calls"):
        assert cell in output


def test_a_text_is_tried_and_shown_masked(api, run):
    api.answer("POST", "/guardrail/test", {"findings": [{"kind": "cards", "start": 0, "end": 16}], "masked": "[cards]"})
    result = run("guardrail", "test", "cards", input="4111111111111111\n")
    assert result.stdout == "[cards]\n"
    assert api.requests == [("POST", "/guardrail/test", {"name": "cards", "text": "4111111111111111\n"})]


def test_a_guardrail_is_bound_to_one_holder(api, run):
    api.answer("POST", "/guardrail/bind", ROW)
    assert run("guardrail", "bind", "cards", "--team", "red").output == "Bound.\n"
    assert api.requests == [("POST", "/guardrail/bind", {"name": "cards", "holder": "team", "id": "red"})]
    assert run("guardrail", "bind", "cards", "--team", "red", "--model", "granite").exit_code == 2
    assert run("guardrail", "bind", "cards", "--key", "sk-secret").exit_code == 2


def test_a_guardrail_is_changed_in_what_was_named(api, run):
    api.answer("POST", "/guardrail/update", ROW)
    assert run("guardrail", "update", "cards", "--action", "log", "--bound").output == "Changed.\n"
    assert api.requests == [("POST", "/guardrail/update", {"name": "cards", "action": "log", "for_all": False})]


def test_a_guardrail_is_removed_after_a_question(api, run):
    api.answer("POST", "/guardrail/delete", ROW)
    assert run("guardrail", "remove", "cards", input="n\n").exit_code == 1
    assert api.requests == []
    assert run("guardrail", "remove", "cards", "--yes").output == "Removed cards.\n"


def test_a_change_of_nothing_is_not_sent(api, run):
    assert run("guardrail", "update", "cards").exit_code == 2
    assert api.requests == []
