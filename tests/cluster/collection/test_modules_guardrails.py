"""Guardrails as playbooks declare them: what they look for, and whose calls they guard."""

import hashlib

from gateway_support import run_tasks

FIRST = {
    "name": "project-names",
    "kind": "pattern",
    "action": "mask",
    "sides": ["input"],
    "patterns": ["(?i)aurora"],
    "teams": ["guarded-team"],
    "models": ["guarded-model"],
}
SECOND = {"name": "project-names", "action": "block", "sides": ["input", "output"], "teams": [], "for_all": True}
MODEL = {"model_name": "guarded-model", "model": "openai/m", "api_base": "https://m.example/v1"}


def guardrail(**options):
    return {"rhpds.litemaas.guardrail": options}


def test_a_guardrail_is_added_changed_and_deleted_and_nothing_is_done_twice(gateway, tmp_path):
    holders = [
        ({"rhpds.litemaas.model": MODEL}, False),
        ({"rhpds.litemaas.team": {"team_id": "guarded-team"}}, False),
    ]
    steps = [FIRST, SECOND, {"name": "project-names", "state": "absent"}]
    tasks = [(guardrail(**step), check) for step in steps for check in (True, False, False)]
    read = ({"rhpds.litemaas.guardrail_info": {"name": "project-names"}}, False)
    results, _output = run_tasks(gateway, tmp_path, [*holders, *tasks[:3], read, *tasks[3:6], read, *tasks[6:], read])
    results = results[2:]
    assert [one["changed"] for one in results] == [True, True, False, False] * 3
    first, second, third = (results[number]["guardrails"] for number in (3, 7, 11))
    assert {one["holder"]: one["id"] for one in first[0]["bindings"]} == {
        "team": "guarded-team",
        "model": "guarded-model",
    }
    assert (first[0]["action"], first[0]["patterns"]) == ("mask", ["(?i)aurora"])
    assert {one["holder"] for one in second[0]["bindings"]} == {"model"}
    assert (second[0]["action"], second[0]["for_all"], second[0]["patterns"]) == ("block", True, ["(?i)aurora"])
    assert third == []


def test_a_key_is_guarded_by_its_alias_or_its_hash(gateway, tmp_path):
    issued = [gateway.ask("/key/generate", {"key_alias": f"guarded-{number}"})[1] for number in (1, 2)]
    hashes = [hashlib.sha256(one["key"].encode()).hexdigest() for one in issued]
    steps = [["guarded-1", hashes[1]], [hashes[0]], ["guarded-2"], []]
    first = {"name": "of-keys", "kind": "secrets"}
    tasks = [(guardrail(keys=keys, **first), check) for keys in steps for check in (True, False, False)]
    results, _output = run_tasks(gateway, tmp_path, [*tasks, (guardrail(keys=[issued[0]["key"]], **first), False)])
    assert [one["changed"] for one in results[:-1]] == [True, True, False] * 4
    bound = [{one["key_alias"] for one in results[number]["guardrail"]["bindings"]} for number in (1, 4, 7, 10)]
    assert bound == [{"guarded-1", "guarded-2"}, {"guarded-1"}, {"guarded-2"}, set()]
    assert results[-1]["msg"].startswith("Name keys by their alias or hash")


def test_a_mistake_is_told_in_a_sentence(gateway, tmp_path):
    tasks = [
        guardrail(name="nothing"),
        guardrail(name="kind", kind="secrets"),
        guardrail(name="kind", kind="pattern", patterns=["x"]),
        guardrail(name="backwards", kind="pattern", patterns=["(a)\\1"]),
        guardrail(name="kind", models=["no-such-model"]),
    ]
    results, _output = run_tasks(gateway, tmp_path, [(task, False) for task in tasks])
    assert results[0]["msg"] == "Say which kind of guardrail it is: kind."
    assert results[1]["changed"]
    assert results[2]["msg"].startswith("The guardrail kind is of kind secrets; delete it to make one of kind pattern.")
    assert results[3]["failed"]
    assert "There is no model 'no-such-model'" in results[4]["msg"]
