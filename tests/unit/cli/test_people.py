import json


def test_users_are_listed_with_their_spend(api, run):
    row = {
        "user_id": "alice",
        "user_email": "a@example.com",
        "user_role": "internal_user",
        "key_count": 2,
        "spend": 1.5,
    }
    api.answer("GET", "/user/list", {"users": [row], "total_pages": 1})
    line = next(line for line in run("user", "list").stdout.splitlines() if "alice" in line)
    assert line.split() == ["alice", "a@example.com", "internal_user", "2", "$1.50"]
    assert json.loads(run("user", "list", "--json").stdout) == [row]


def test_a_login_is_linked_after_a_question(api, run):
    api.answer("POST", "/user/link_login", {})
    assert run("user", "link", "alice", "--login-of", "alice-new", input="n\n").exit_code == 1
    assert run("user", "link", "alice", "--login-of", "alice-new", "--yes").stdout == "Linked.\n"
    assert api.requests == [("POST", "/user/link_login", {"user_id": "alice", "login_of": "alice-new"})]


def test_teams_are_listed_with_their_budget(api, run):
    members = [{"user_id": "alice", "role": "admin"}]
    row = {
        "team_id": "t1",
        "team_alias": "lab",
        "models": [],
        "members_with_roles": members,
        "spend": 0,
        "max_budget": 9,
    }
    api.answer("GET", "/team/list", [row])
    line = next(line for line in run("team", "list").stdout.splitlines() if "t1" in line)
    assert line.split() == ["t1", "lab", "none", "1", "$0.00", "$9.00"]
