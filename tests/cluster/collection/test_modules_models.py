"""Which deployment a model means, when an upstream's key counts as changed, and how models may be written down."""

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.rhpds.litemaas.plugins.filter.declared_models import declared_models
from ansible_collections.rhpds.litemaas.plugins.filter.served_models import served_models
from ansible_collections.rhpds.litemaas.plugins.module_utils.addresses import base_of
from gateway_support import run_tasks

SERVED = {
    "namespace": "models",
    "name": "granite",
    "display_name": "Granite",
    "served_name": "granite-8b",
    "ready": True,
    "api_base": "http://granite.models.svc:8080/v1",
    "protected": False,
}


def model(name, **options):
    return ({"rhpds.litemaas.model": {"model_name": name, **options}}, False)


def test_a_model_that_somebody_else_added_is_taken_over_and_two_need_an_id(gateway, tmp_path):
    for address in ("one", "two"):
        body = {
            "model_name": "theirs",
            "litellm_params": {"model": "openai/x", "api_base": f"https://{address}.example/v1"},
        }
        gateway.ask("/model/new", body)
        if address == "one":
            (taken,), _output = run_tasks(gateway, tmp_path, [model("theirs", rpm_limit=9)])
            assert taken["changed"]
            assert taken["model"]["litellm_params"]["rpm"] == 9
    known = taken["model"]["model_info"]["id"]
    tasks = [model("theirs", rpm_limit=8), model("theirs", rpm_limit=8, model_id=known)]
    (refused, changed), _output = run_tasks(gateway, tmp_path, tasks)
    assert "2 deployments serve theirs; say which by model_id:" in refused["msg"]
    assert changed["model"]["litellm_params"]["rpm"] == 8


def test_only_a_changed_upstream_key_is_sent_again(gateway, tmp_path):
    where = {"model": "openai/x", "api_base": "https://sealed.example/v1"}
    tasks = [
        model("sealed", **where),
        model("sealed", api_key="first-secret"),
        model("sealed", api_key="first-secret"),
        model("sealed", api_key="second-secret"),
        model("sealed", api_key="second-secret", api_base="https://moved.example/v1"),
        model("sealed", api_base="https://again.example/v1"),
    ]
    results, output = run_tasks(gateway, tmp_path, tasks, "--diff")
    assert [one.get("changed") for one in results[:5]] == [True, True, False, True, True]
    assert "Give the api_key again" in results[5]["msg"]
    assert "-secret" not in output


def test_how_calls_are_spread_is_changed_field_by_field_and_the_order_of_stand_ins_counts(gateway, tmp_path):
    where = {"model": "openai/x", "api_base": "https://spread.example/v1"}
    stand_ins = ["stand-in-a", "stand-in-b"]
    tasks = [
        *[model(name, **where) for name in stand_ins],
        model("spread", routing={"strategy": "least-busy", "fallbacks": stand_ins}, **where),
        model("spread", routing={"fallbacks": stand_ins}),
        model("spread", routing={"fallbacks": stand_ins[::-1]}),
        model("spread", model_info={"routing": {"fallbacks": stand_ins[::-1], "strategy": "least-busy"}}),
        model("spread", routing={"fallbacks": ["nobody"]}),
    ]
    results, _output = run_tasks(gateway, tmp_path, tasks)
    assert [one["changed"] for one in results[2:6]] == [True, False, True, False], results[5]
    first, last = (results[number]["model"]["model_info"]["routing"] for number in (2, 5))
    assert (first["strategy"], first["fallbacks"]) == ("least-busy", stand_ins)
    assert (last["strategy"], last["fallbacks"]) == ("least-busy", stand_ins[::-1])
    assert "nobody" in results[6]["msg"]


def test_entries_of_config_yaml_and_options_of_the_module_mean_the_same():
    config = {
        "model_list": [
            {"model_name": "a", "litellm_params": {"model": "openai/a", "api_base": "https://a/v1", "rpm": 3}},
            {
                "model_name": "b",
                "litellm_params": {"model": "azure/b", "api_version": "1"},
                "model_info": {"id": "b-1"},
            },
        ]
    }
    assert declared_models(config) == [
        {"model_name": "a", "model": "openai/a", "api_base": "https://a/v1", "litellm_params": {"rpm": 3}},
        {"model_name": "b", "model": "azure/b", "model_id": "b-1", "litellm_params": {"api_version": "1"}},
    ]
    former = [{"model_name": "c", "litellm_model": "openai/c", "rpm": 1, "tpm": 2, "api_version": "3"}]
    assert declared_models(former) == [
        {"model_name": "c", "model": "openai/c", "rpm_limit": 1, "tpm_limit": 2, "litellm_params": {"api_version": "3"}}
    ]
    options = [{"model_name": "d", "model": "openai/d", "state": "absent"}]
    assert declared_models(options) == options
    assert declared_models({}) == declared_models([]) == declared_models({"model_list": None}) == []


def test_several_entries_of_one_name_keep_an_id_each():
    names = ["shared", "single", "shared", "shared"]
    entries = [{"model_name": name, "model": f"openai/{number}"} for number, name in enumerate(names)]
    assert [one.get("model_id") for one in declared_models(entries)] == ["shared", None, "shared-2", "shared-3"]


def test_variables_of_the_environment_are_read_where_the_play_runs(monkeypatch):
    monkeypatch.setenv("UPSTREAM_KEY_OF_THE_TEST", "from-outside")
    entry = {
        "model_name": "a",
        "litellm_params": {"model": "openai/a", "api_key": "os.environ/UPSTREAM_KEY_OF_THE_TEST"},
    }
    assert declared_models([entry])[0]["api_key"] == "from-outside"
    monkeypatch.delenv("UPSTREAM_KEY_OF_THE_TEST")
    with pytest.raises(AnsibleFilterError, match="UPSTREAM_KEY_OF_THE_TEST, which is not set where the play runs"):
        declared_models([entry])


def test_a_served_model_that_wants_a_token_is_added_only_with_one():
    protected = dict(SERVED, name="guarded", protected=True)
    asleep = dict(SERVED, name="asleep", ready=False)
    nowhere = dict(SERVED, name="nowhere", api_base="")
    (only,) = served_models([SERVED, protected, asleep, nowhere])
    assert (only["model_id"], only["model"]) == ("models.granite", "openai/granite-8b")
    assert "api_key" not in only
    first, second = served_models([SERVED, protected], "token")
    assert "api_key" not in first
    assert second["api_key"] == "token"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://host", "https://host/v1"),
        ("HTTPS://Host:443/v1/", "https://host/v1"),
        ("http://host:8080/v1/chat/completions", "http://host:8080/v1"),
        ("http://[::1]:80/openai/", "http://[::1]/openai"),
    ],
)
def test_addresses_are_written_as_the_gateway_keeps_them(given, kept):
    assert base_of(given) == kept
