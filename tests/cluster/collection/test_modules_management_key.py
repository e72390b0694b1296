"""The management modules with a management key in place of the master key."""

from types import SimpleNamespace

from gateway_support import run_tasks

TASKS = {
    "budget": {"budget_id": "scoped-budget", "max_budget": 3},
    "user": {"user_id": "scoped-user", "user_role": "user"},
    "team": {"team_id": "scoped-team", "members": [{"user_id": "scoped-user"}]},
    "model": {"model_name": "scoped-model", "model": "openai/m", "api_base": "https://one.example/v1"},
    "virtual_key": {"key_alias": "scoped-key", "models": ["scoped-model"]},
}
SCOPES = [f"{what}:{how}" for what in ("budgets", "users", "teams", "models", "keys") for how in ("read", "write")]


def holder(gateway, name, scopes):
    """The gateway as somebody reaches it who was given a management key."""
    status, issued = gateway.ask("/management_key/issue", {"name": name, "scopes": scopes})
    assert status == 200, issued
    return SimpleNamespace(url=gateway.url, master_key=issued["key"])


def test_all_modules_work_with_a_management_key_that_has_their_scopes(gateway, tmp_path):
    operator = holder(gateway, "ansible", [*SCOPES, "roles:write"])
    tasks = [({f"rhpds.litemaas.{module}": options}, False) for module, options in TASKS.items()]
    again = [({f"rhpds.litemaas.{module}": options}, False) for module, options in TASKS.items()]
    results, output = run_tasks(operator, tmp_path, [*tasks, *again])
    assert [one["changed"] for one in results] == [True] * len(TASKS) + [False] * len(TASKS), output
    assert operator.master_key not in output


def test_a_missing_scope_is_told_by_name(gateway, tmp_path):
    operator = holder(gateway, "reader", ["budgets:read"])
    tasks = [({"rhpds.litemaas.budget": {"budget_id": "never", "max_budget": 3}}, False)]
    (failed,), _output = run_tasks(operator, tmp_path, tasks)
    assert failed["failed"]
    assert "budgets:write" in failed["msg"]
