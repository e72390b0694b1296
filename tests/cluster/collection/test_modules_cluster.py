"""Models and keys that a deployment declares, and models that OpenShift AI serves: a fake cluster, a real gateway."""

import json

import pytest
from collection_support import COLLECTIONS, ROOT, ansible
from gateway_support import Router, certificate_for

DOMAIN = "apps.cluster.example.com"
HOSTS = [f"litellm-admin.{DOMAIN}", f"litellm-admin-user1.{DOMAIN}", f"litellm-admin-user2.{DOMAIN}"]


@pytest.fixture
def router(gateway, site, tmp_path):
    """The way to the gateway by the hosts of the fake cluster, and a site whose plays take it."""
    authorities, path = certificate_for(HOSTS, tmp_path)
    with Router(gateway, path) as running:
        site.environment = running.environment
        running.variables = {"ca_bundle": authorities, "litellm_api_key": gateway.master_key}
        yield running


def models(gateway, name):
    """Deployments of a public name, by id."""
    rows = gateway.ask("/model/info")[1]["data"]
    return {row["model_info"]["id"]: row["litellm_params"] for row in rows if row["model_name"] == name}


def test_a_deployment_has_the_models_and_keys_that_it_declares(site, router, gateway, tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG)
    site.environment["DECLARED_UPSTREAM_KEY"] = "key-of-an-upstream"
    declared = {
        "models": [
            {
                "model_name": "declared",
                "model": "openai/a",
                "api_base": "https://a.example/v1",
                "api_key": "secret-of-a",
            },
            {"model_name": "former", "litellm_model": "openai/b", "api_base": "https://b.example/v1", "rpm": 5},
        ],
        "litellm_config": str(config),
        "virtual_keys": [{"key_alias": "workshop", "models": ["declared"], "max_budget": 5}],
        **router.variables,
    }
    play = site.play(**declared)
    assert play.code == 0, play.failure
    assert "declared" in models(gateway, "declared")
    assert models(gateway, "former")["former"]["rpm"] == 5
    assert {name: one["api_base"] for name, one in models(gateway, "shared").items()} == {
        "shared": "https://one.example/v1",
        "shared-2": "https://two.example/v1",
    }
    text = site.secret("virtual-keys-secret")["workshop"]
    assert gateway.ask("/key/info", key=text)[1]["info"]["models"] == ["declared"]
    assert site.user_data()["litemaas_virtual_key"] == text
    for secret in (text, "secret-of-a", "key-of-an-upstream"):
        assert secret not in play.output
    again = site.play(**declared)
    assert (again.code, again.changed) == (0, 0), again.failure
    assert site.secret("virtual-keys-secret")["workshop"] == text
    declared["virtual_keys"][0]["state"] = "absent"
    assert site.play(**declared).code == 0
    assert gateway.ask("/key/info", key=text)[0] == 401


def test_check_mode_before_the_first_deployment_asks_no_gateway(site, router):
    model = {"model_name": "never", "model": "openai/a", "api_base": "https://a.example/v1"}
    play = site.play("--check", models=[model], **router.variables)
    assert play.code == 0, play.failure
    assert router.hosts == []


def test_each_lab_user_has_a_key_of_their_own_in_their_user_data(site, router, gateway):
    keys = [{"key_alias": "student"}]
    play = site.play(multi_user=True, num_users=1, virtual_keys=keys, **router.variables)
    assert play.code == 0, play.failure
    text = site.secret("virtual-keys-secret", "litemaas-user1")["student"]
    assert site.user_data()["users"]["user1"]["litemaas_virtual_keys"] == {"student": text}
    assert site.user_data()["litemaas_user1_virtual_key"] == text
    assert gateway.ask("/key/info", key=text)[0] == 200


def test_a_gateway_that_does_not_answer_fails_the_run_with_a_sentence(site, router):
    router.variables["litellm_api_key"] = "sk-not-that-of-the-gateway"
    play = site.play(models=[{"model_name": "m", "model": "openai/a"}], **router.variables)
    assert play.code != 0
    assert play.failure == f"litemaas: model m: https://{HOSTS[0]} does not accept the master key."
    assert "sk-not-that" not in play.output


def test_a_key_without_an_alias_is_refused_before_anything_is_changed(site, router):
    play = site.play(virtual_keys=[{"models": []}], **router.variables)
    assert "needs a key_alias of letters, digits and . _ - only." in play.failure
    assert site.namespaces() == set()


def test_models_of_namespaces_that_opted_in_are_added_where_they_can_be_called(site, router, gateway):
    serve(site)
    play = site.play(discover_models=True, **router.variables)
    assert play.code == 0, play.failure
    assert models(gateway, "granite-served")["opted-in.granite"]["api_base"] == (
        "http://granite-predictor.opted-in.svc.cluster.local:8080/v1"
    )
    assert models(gateway, "by-its-name") == {}
    assert models(gateway, "hidden") == {}


def test_the_manage_playbooks_find_the_gateway_in_the_cluster(site, router, gateway, tmp_path):
    serve(site)
    site.play(**router.variables)

    def manage(playbook, **variables):
        environment = {"KUBECONFIG": site.kubeconfig, **site.environment, "LITEMAAS_MODEL_API_KEY": "managed-secret"}
        arguments = {f"litemaas_{name}": value for name, value in variables.items()}
        play = ansible(ROOT / "playbooks" / playbook, variables=arguments, environment=environment)
        assert "managed-secret" not in play.output
        return play

    added = manage(
        "manage_models.yml", action="add", model_name="managed", model="openai/m", api_base="https://m.example/v1"
    )
    assert "managed: openai/m at https://m.example/v1 (managed)" in added.last["msg"], added.failure
    found = manage("manage_models.yml", action="discover")
    assert any(line.startswith("protected: openai/protected") for line in found.last["msg"]), found.failure
    manage("manage_models.yml", action="delete", model_name="managed")
    assert models(gateway, "managed") == {}
    issued = manage("manage_virtual_keys.yml", action="create", user_id="managed@example.com", models=["by-its-name"])
    assert gateway.ask("/key/info", key=issued.last["msg"])[1]["info"]["max_budget"] == 100
    again = manage("manage_virtual_keys.yml", action="create", user_id="managed@example.com", models=["by-its-name"])
    assert again.changed == 0
    listed = manage("manage_virtual_keys.yml")
    assert any(line.startswith("managed@example.com (sk-...") for line in shown(listed))
    manage("manage_virtual_keys.yml", action="delete", key_alias="managed@example.com")
    assert gateway.ask("/key/info", key=issued.last["msg"])[0] == 401
    assert (
        "litemaas_action is list, create, info or delete" in manage("manage_virtual_keys.yml", action="erase").failure
    )
    nowhere = manage("manage_models.yml", namespace="elsewhere")
    assert nowhere.code != 0


def test_inference_services_are_described_as_the_gateway_calls_them(site, tmp_path):
    serve(site)
    playbook = tmp_path / "find.yml"
    task = {"rhpds.litemaas.inference_services_info": {"namespace_selector": ""}}
    playbook.write_text(
        json.dumps([{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [task]}])
    )
    play = ansible(playbook, environment={"KUBECONFIG": site.kubeconfig, "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS)})
    found = {one["name"]: one for one in play.last["inference_services"]}
    assert found["granite"] == {
        "namespace": "opted-in",
        "name": "granite",
        "display_name": "Granite",
        "served_name": "granite-served",
        "model_format": "vLLM",
        "ready": True,
        "url": "https://granite-opted-in.apps.cluster.example.com",
        "internal_url": "http://granite-predictor.opted-in.svc.cluster.local:8080",
        "api_base": "http://granite-predictor.opted-in.svc.cluster.local:8080/v1",
        "protected": False,
    }
    assert found["by-its-name"]["ready"] is False
    assert found["protected"]["protected"] is True
    assert {name: one["served_name"] for name, one in found.items() if name != "granite"} == {
        "by-its-name": "by-its-name",
        "hidden": "hidden",
        "protected": "protected",
    }


def test_a_cluster_without_openshift_ai_serves_no_models(site, router, gateway):
    play = site.play(discover_models=True, **router.variables)
    assert play.code == 0, play.failure


def shown(play):
    """Lines of the last task that showed some."""
    return next(one["msg"] for one in reversed(play.results) if isinstance(one.get("msg"), list))


def serve(site):
    """Installs KServe's kinds, and models in two namespaces of which one has opted in."""
    for group_version, plural, kind in (
        ("v1beta1", "inferenceservices", "InferenceService"),
        ("v1alpha1", "servingruntimes", "ServingRuntime"),
    ):
        site.create(definition(group_version, plural, kind))
    for name, labels in (("opted-in", {"litemaas.io/models": "true"}), ("other", {})):
        site.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
    runtime = {"containers": [{"name": "kserve-container", "args": ["--served-model-name={{.Name}}"]}]}
    site.create(custom("v1alpha1", "ServingRuntime", "vllm", "opted-in", spec=runtime))
    site.create(service("granite", "opted-in", args=["--served-model-name", "granite-served"], display="Granite"))
    site.create(service("by-its-name", "opted-in", ready="False"))
    site.create(service("protected", "opted-in", protected="true"))
    site.create(service("hidden", "other"))


def definition(version, plural, kind):
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    served = {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.serving.kserve.io"},
        "spec": {
            "group": "serving.kserve.io",
            "scope": "Namespaced",
            "names": {"plural": plural, "singular": kind.lower(), "kind": kind, "listKind": f"{kind}List"},
            "versions": [served],
        },
    }


def custom(version, kind, name, namespace, **content):
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": f"serving.kserve.io/{version}", "kind": kind, "metadata": metadata, **content}


def service(name, namespace, args=(), display="", ready="True", protected="false"):
    model = {"modelFormat": {"name": "vLLM"}, "runtime": "vllm", "args": list(args)}
    status = {
        "url": f"https://{name}-{namespace}.{DOMAIN}",
        "address": {"url": f"http://{name}-predictor.{namespace}.svc.cluster.local:8080"},
        "conditions": [{"type": "Ready", "status": ready}],
    }
    made = custom("v1beta1", "InferenceService", name, namespace, spec={"predictor": {"model": model}}, status=status)
    made["metadata"]["annotations"] = {
        "security.opendatahub.io/enable-auth": protected,
        **({"openshift.io/display-name": display} if display else {}),
    }
    return made


CONFIG = """
model_list:
  - model_name: shared
    litellm_params:
      model: openai/one
      api_base: https://one.example/v1
      api_key: os.environ/DECLARED_UPSTREAM_KEY
  - model_name: shared
    litellm_params: {model: openai/two, api_base: https://two.example/v1, rpm: 7}
    model_info: {mode: chat}
general_settings:
  master_key: os.environ/SOMETHING
router_settings:
  routing_strategy: simple-shuffle
"""
