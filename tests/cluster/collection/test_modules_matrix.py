"""Every management module: create, again, modify, again, delete, again; each change first in check mode."""

import pytest
from collection_support import COLLECTIONS, ansible
from gateway_support import run_tasks

LIMITS = {"max_budget": "5.5", "budget_duration": "30d", "rpm_limit": 10, "tpm_limit": 1000, "max_parallel_requests": 2}
UNLIMITED = {
    "max_budget": "unlimited",
    "budget_duration": "lifetime",
    "rpm_limit": "unlimited",
    "tpm_limit": "unlimited",
    "max_parallel_requests": "unlimited",
}
UPSTREAM_KEY = "the-upstream-s-own-key"
OTHER_UPSTREAM_KEY = "another-key-of-the-upstream"
VIRTUAL_KEY = "sk-chosen-by-the-operator-1"
OTHER_VIRTUAL_KEY = "sk-chosen-by-the-operator-2"
SECRETS = (UPSTREAM_KEY, OTHER_UPSTREAM_KEY, VIRTUAL_KEY, OTHER_VIRTUAL_KEY)

MODULES = {
    "budget": (
        {"budget_id": "matrix-student", "soft_budget": 4, **LIMITS},
        {"budget_id": "matrix-student", "soft_budget": "unlimited", **UNLIMITED},
    ),
    "team": (
        {
            "team_id": "matrix-team",
            "team_alias": "Matrix",
            "models": ["b", "a"],
            "model_aliases": {"gpt": "a"},
            "members": [{"user_id": "matrix-ada", "role": "admin"}, {"user_id": "matrix-grace"}],
            "metadata": {"cost_centre": "42", "tree": {"leaf": [1, 2]}},
            **LIMITS,
        },
        {
            "team_id": "matrix-team",
            "team_alias": "",
            "models": [],
            "model_aliases": {},
            "members": [{"user_id": "matrix-ada"}, {"user_id": "matrix-edsger"}],
            "metadata": {},
            "blocked": True,
            **UNLIMITED,
        },
    ),
    "user": (
        {
            "user_id": "matrix-barbara",
            "user_email": "barbara@example.com",
            "user_alias": "Barbara",
            "user_role": "admin-readonly",
            "models": ["a"],
            "metadata": {"desk": 7},
            **LIMITS,
        },
        {
            "user_id": "matrix-barbara",
            "user_email": "",
            "user_alias": "B.",
            "user_role": "user",
            "models": [],
            "metadata": {},
            "blocked": True,
            **UNLIMITED,
        },
    ),
    "virtual_key": (
        {
            "key_alias": "matrix-key",
            "key": VIRTUAL_KEY,
            "user_id": "matrix-frances",
            "models": ["a", "b"],
            "duration": "30d",
            "allowed_routes": ["/v1/chat/*"],
            "tags": ["lab"],
            "aliases": {"gpt": "a"},
            "model_max_budget": {"a": 1.5, "b": {"max_budget": 2, "budget_duration": "1d"}},
            "model_rpm_limit": {"a": 3},
            "model_tpm_limit": {"a": 300},
            "uses_cache": False,
            "metadata": {"room": "1"},
            **LIMITS,
        },
        {
            "key_alias": "matrix-key",
            "key": OTHER_VIRTUAL_KEY,
            "user_id": "",
            "models": [],
            "duration": "never",
            "allowed_routes": ["llm_api_routes"],
            "tags": [],
            "aliases": {},
            "model_max_budget": {},
            "model_rpm_limit": {},
            "model_tpm_limit": {},
            "uses_cache": True,
            "metadata": {},
            "blocked": True,
            **UNLIMITED,
        },
    ),
    "model": (
        {
            "model_name": "matrix-granite",
            "model": "granite-3-2",
            "api_base": "HTTPS://One.example:443/",
            "api_key": UPSTREAM_KEY,
            "mode": "chat",
            "description": "Small and quick",
            "access_groups": ["small"],
            "max_input_tokens": 8192,
            "max_output_tokens": 512,
            "weight": 2,
            "rpm_limit": 60,
            "tpm_limit": 9000,
            "max_parallel_requests": 4,
            "upstream_timeout": 30,
            "stream_timeout": 2.5,
            "cache_ttl": 60,
            "cache_shared": True,
            "input_cost_per_token": "0.0000001",
            "output_cost_per_token": 0.0000004,
            "litellm_params": {"api_version": "2024-10-21"},
            "model_info": {"supports_vision": False},
        },
        {
            "model_name": "matrix-granite",
            "model": "openai/granite-3-3",
            "api_base": "https://two.example/v1/chat/completions",
            "api_key": OTHER_UPSTREAM_KEY,
            "mode": "completion",
            "description": "",
            "access_groups": [],
            "weight": 1,
            "rpm_limit": "unlimited",
            "tpm_limit": "unlimited",
            "max_parallel_requests": "unlimited",
            "upstream_timeout": "unlimited",
            "stream_timeout": "unlimited",
            "cache_ttl": 0,
            "cache_shared": False,
            "input_cost_per_token": 0,
            "output_cost_per_token": 0,
            "litellm_params": {"api_version": "2025-01-01"},
            "model_info": {"supports_vision": True},
        },
    ),
}


def steps(module, first, second):
    """Names of steps, and their tasks."""
    gone = {
        name: first[name] for name in ("budget_id", "team_id", "user_id", "key_alias", "model_name") if name in first
    }
    gone["state"] = "absent"
    return {
        f"{what} {how}".strip(): ({f"rhpds.litemaas.{module}": options}, how == "in check mode")
        for what, options in (("create", first), ("modify", second), ("delete", gone))
        for how in ("in check mode", "", "again")
    }


@pytest.mark.parametrize("module", MODULES)
def test_a_module_changes_what_differs_and_nothing_else(module, gateway, tmp_path):
    matrix = steps(module, *MODULES[module])
    results, output = run_tasks(gateway, tmp_path, list(matrix.values()), "--diff")
    done = dict(zip(matrix, results, strict=True))
    assert {name: one["changed"] for name, one in done.items()} == {
        f"{what} {how}".strip(): how != "again"
        for what in ("create", "modify", "delete")
        for how in ("in check mode", "", "again")
    }
    for what in ("create", "modify", "delete"):
        assert done[what]["diff"] == done[f"{what} in check mode"]["diff"], what
        assert done[what]["diff"]["before"] != done[what]["diff"]["after"]
        assert done[f"{what} again"]["diff"]["before"] == done[f"{what} again"]["diff"]["after"]
    assert done["create again"][module]
    assert done["delete"][module] is None
    assert not [secret for secret in SECRETS if secret in output]


@pytest.mark.parametrize("module", MODULES)
def test_what_is_left_out_stays(module, gateway, tmp_path):
    first = {
        name: value.replace("matrix", "kept") if isinstance(value, str) else value
        for name, value in MODULES[module][0].items()
    }
    names = {
        name: first[name] for name in ("budget_id", "team_id", "user_id", "key_alias", "model_name") if name in first
    }
    tasks = [({f"rhpds.litemaas.{module}": options}, False) for options in (first, names)]
    (_created, again), _output = run_tasks(gateway, tmp_path, tasks)
    assert again["changed"] is False


def test_the_info_modules_read_what_is_there_and_one_by_name(gateway, tmp_path):
    tasks = [
        ({"rhpds.litemaas.budget": {"budget_id": "info-budget", "max_budget": 3}}, False),
        ({"rhpds.litemaas.user": {"user_id": "info-user"}}, False),
        ({"rhpds.litemaas.team": {"team_id": "info-team", "members": [{"user_id": "info-user"}]}}, False),
        (
            {
                "rhpds.litemaas.model": {
                    "model_name": "info-model",
                    "model": "openai/m",
                    "api_base": "https://m.example/v1",
                }
            },
            False,
        ),
        (
            {"rhpds.litemaas.virtual_key": {"key_alias": "info-key", "team_id": "info-team", "user_id": "info-user"}},
            False,
        ),
        ({"rhpds.litemaas.budget_info": {"budget_id": "info-budget"}}, True),
        ({"rhpds.litemaas.budget_info": {}}, False),
        ({"rhpds.litemaas.user_info": {"user_id": "info-user"}}, True),
        ({"rhpds.litemaas.user_info": {"user_id": "nobody"}}, False),
        ({"rhpds.litemaas.team_info": {"team_id": "info-team"}}, False),
        ({"rhpds.litemaas.team_info": {}}, False),
        ({"rhpds.litemaas.model_info": {"model_name": "info-model"}}, False),
        ({"rhpds.litemaas.virtual_key_info": {"team_id": "info-team"}}, False),
    ]
    results, _output = run_tasks(gateway, tmp_path, tasks)
    issued = results[4]["virtual_key"]
    budget, budgets, user, nobody, team, teams, model, keys = results[5:]
    assert [one["max_budget"] for one in budget["budgets"]] == [3]
    assert "info-budget" in {one["budget_id"] for one in budgets["budgets"]}
    assert [one["teams"] for one in user["users"]] == [["info-team"]]
    assert nobody["users"] == []
    assert [one["members"] for one in team["teams"]] == [["info-user"]]
    assert all("keys" not in one for one in teams["teams"])
    assert [one["litellm_params"]["model"] for one in model["models"]] == ["openai/m"]
    assert [one["token"] for one in keys["virtual_keys"]] == [issued["token"]]
    assert all("key" not in one for one in keys["virtual_keys"])
    assert not any(one["changed"] for one in results[5:])
    status, answer = gateway.ask("/key/info", key=issued["key"])
    assert (status, answer["info"]["key_alias"]) == (200, "info-key")


def test_a_key_can_be_revoked_by_its_hash(gateway, tmp_path):
    (issued,), _output = run_tasks(
        gateway, tmp_path, [({"rhpds.litemaas.virtual_key": {"key_alias": "by-hash"}}, False)]
    )
    task = ({"rhpds.litemaas.virtual_key": {"key_hash": issued["virtual_key"]["token"], "state": "absent"}}, False)
    (revoked, again), _output = run_tasks(gateway, tmp_path, [task, task])
    assert (revoked["changed"], again["changed"]) == (True, False)
    assert gateway.ask("/key/info", key=issued["virtual_key"]["key"])[0] == 401


MISTAKES = [
    ("budget", {"budget_id": "b", "max_budget": ""}, "max_budget must be a number from 0 on, or unlimited, not ''."),
    (
        "user",
        {"user_id": "u", "rpm_limit": "2.5"},
        "rpm_limit must be a whole number from 0 on, or unlimited, not '2.5'.",
    ),
    ("team", {"team_id": "t", "budget_id": "none-such"}, "There is no budget 'none-such'."),
    ("model", {"model_name": "m"}, "Say which model it is: model, as <provider>/<id>."),
    ("model", {"model_name": "m", "model": "x", "api_key": "os.environ/KEY"}, "use lookup('ansible.builtin.env', …)"),
    ("model", {"model_name": "m", "model": "x", "api_base": "host/v1"}, "such as https://host/v1, not 'host/v1'."),
    ("virtual_key", {"key_hash": "0" * 64}, "There is no virtual key with the hash 0000"),
    ("virtual_key", {"key_alias": "k", "duration": "soon"}, "duration"),
    (
        "budget_info",
        {"url": "http://127.0.0.1:9"},
        "http://127.0.0.1:9 does not answer: [Errno 111] Connection refused.",
    ),
    ("budget_info", {"url": "ftp://x"}, "The gateway's URL begins with https://, not 'ftp://x'."),
    ("budget_info", {"master_key": "sk-wrong"}, "does not accept the master key."),
    ("budget_info", {"authorities": "nonsense"}, "The authorities are no PEM certificates"),
]


def test_a_mistake_is_told_in_a_sentence(gateway, tmp_path):
    tasks = [({f"rhpds.litemaas.{module}": options}, False) for module, options, _sentence in MISTAKES]
    results, output = run_tasks(gateway, tmp_path, tasks)
    for failed, (_module, _options, sentence) in zip(results, MISTAKES, strict=True):
        assert failed["failed"]
        assert sentence in failed["msg"]
    assert "sk-wrong" not in output
    assert gateway.master_key not in output


def test_the_modules_use_the_environment_where_no_option_names_the_gateway(gateway, tmp_path):
    playbook = tmp_path / "environment.yml"
    playbook.write_text(
        "- {hosts: localhost, connection: local, gather_facts: false, tasks: [rhpds.litemaas.team_info: ]}"
    )
    play = ansible(
        playbook,
        environment={
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "LITEMAAS_URL": gateway.url + "/v1",
            "LITELLM_MASTER_KEY": gateway.master_key,
        },
    )
    assert play.code == 0, play.failure
