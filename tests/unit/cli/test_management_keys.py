import json

ROW = {
    "id": "6b1",
    "name": "ci",
    "scopes": ["keys:read", "keys:write"],
    "ends_with": "abcd",
    "expires_at": None,
    "last_used_at": None,
    "created_by": "master key",
}


def test_the_text_of_an_issued_key_is_alone_on_standard_output(api, run):
    api.answer("POST", "/management_key/issue", {"key": "sk-mgmt-text", "management_key": ROW})
    result = run("management-key", "issue", "ci", "-s", "keys:read", "-s", "keys:write", "--duration", "90d")
    assert result.stdout == "sk-mgmt-text\n"
    asked = {"name": "ci", "scopes": ["keys:read", "keys:write"], "duration": "90d"}
    assert api.requests == [("POST", "/management_key/issue", asked)]


def test_a_key_without_a_scope_is_not_asked_for(api, run):
    assert run("management-key", "issue", "ci").exit_code == 2
    assert api.requests == []


def test_keys_are_listed(api, run):
    api.answer("GET", "/management_key/list", {"management_keys": [ROW]})
    line = next(line for line in run("management-key", "list").stdout.splitlines() if "ci" in line)
    assert line.split() == ["ci", "abcd", "keys:read,", "keys:write", "never", "never", "master", "key"]
    assert json.loads(run("management-key", "list", "--json").stdout) == {"management_keys": [ROW]}


def test_a_key_is_revoked_after_a_question(api, run):
    api.answer("POST", "/management_key/revoke", ROW)
    assert run("management-key", "revoke", "ci", input="n\n").exit_code == 1
    assert api.requests == []
    assert run("management-key", "revoke", "ci", "--yes").stdout == "Revoked.\n"


def test_a_scope_that_does_not_exist_is_refused_with_those_that_do(api, run):
    result = run("management-key", "issue", "ci", "-s", "keys:wirte")
    assert (result.exit_code, "'keys:write'" in result.stderr) == (2, True)
    assert api.requests == []
