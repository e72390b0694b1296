"""Models and keys on several gateways at once."""

from gateway_support import run_tasks

MODEL = {
    "model_name": "everywhere",
    "model": "openai/x",
    "api_base": "https://x.example/v1",
    "api_key": "kept-from-logs",
}


def contents(gateway, *keys, **options):
    """A task that fills one gateway for each master key."""
    gateways = [{"namespace": f"n{number}", "url": gateway.url, "key": key} for number, key in enumerate(keys)]
    return {"rhpds.litemaas.gateway_contents": {"gateways": gateways, **options}}


def test_a_gateway_that_fails_does_not_keep_the_others_from_being_filled(gateway, tmp_path):
    task = contents(gateway, gateway.master_key, "sk-wrong", models=[MODEL], virtual_keys=[{"key_alias": "everywhere"}])
    (checked, done, again), output = run_tasks(
        gateway, tmp_path, [(task, True), (task, False), (task, False)], "--diff"
    )
    assert checked["diff"] == done["diff"]
    assert [one["before_header"] for one in done["diff"]] == [
        f"{gateway.url} model everywhere",
        f"{gateway.url} virtual_key everywhere",
    ]
    good, bad = done["instances"]
    assert good == {"namespace": "n0", "changed": True, "error": ""}
    assert bad["error"] == f"model everywhere: {gateway.url} does not accept the master key."
    assert (again["changed"], again["diff"]) == (False, [])
    assert "kept-from-logs" not in output
    assert "sk-wrong" not in output


def test_the_task_fails_when_every_gateway_does(gateway, tmp_path):
    task = contents(gateway, "sk-wrong", "sk-wrong-too", models=[MODEL])
    (failed,), _output = run_tasks(gateway, tmp_path, [(task, False)])
    assert failed["failed"]
    assert failed["msg"].startswith(f"n0: model everywhere: {gateway.url} does not accept the master key. | n1:")


def test_texts_of_keys_are_given_by_namespace_and_alias(gateway, tmp_path):
    text = "sk-text-of-the-first-gateway"
    task = contents(
        gateway, gateway.master_key, virtual_keys=[{"key_alias": "with-text"}], keys={"n0": {"with-text": text}}
    )
    _results, output = run_tasks(gateway, tmp_path, [(task, False)], "--diff")
    assert gateway.ask("/key/info", key=text)[1]["info"]["key_alias"] == "with-text"
    assert text not in output


def test_a_mistake_in_an_entry_is_told_with_its_place(gateway, tmp_path):
    tasks = [
        contents(gateway, gateway.master_key, models=[MODEL, {"model": "openai/x"}]),
        contents(gateway, gateway.master_key, virtual_keys=[{"key_alias": "a", "modells": []}]),
        contents(gateway, gateway.master_key, models=[{"model_name": "m", "model": "x", "rpm_limit": "many"}]),
    ]
    (nameless, misspelt, word), _output = run_tasks(gateway, tmp_path, [(task, False) for task in tasks])
    assert nameless["msg"] == "Entry 2 of models: missing required arguments: model_name"
    assert misspelt["msg"].startswith("Entry 1 of virtual_keys: modells. Supported parameters include:")
    assert "model m: rpm_limit must be a whole number from 0 on, or unlimited, not 'many'." in word["msg"]
