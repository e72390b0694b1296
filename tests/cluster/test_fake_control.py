import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from kubernetes import client, config
from urllib3.exceptions import ProtocolError

from cluster.fake.launch import FakeCluster
from cluster.manifests import config_map, deployment, refused, wait_until, wait_until_gone


def may(api, verb, resource, group="", namespace=""):
    """What the server says of its caller's permissions."""
    attributes = {"verb": verb, "resource": resource, "group": group, "namespace": namespace}
    review = {"spec": {"resourceAttributes": attributes}}
    return client.AuthorizationV1Api(api).create_self_subject_access_review(review).status.allowed


def test_a_denial_is_told_by_a_review_and_enforced(fake, api, core):
    fake.deny(verb="create", resource="configmaps", namespace="default")

    assert not may(api, "create", "configmaps", namespace="default")
    assert may(api, "get", "configmaps", namespace="default")
    with refused(403, 'cannot create resource \\"configmaps\\"'):
        core.create_namespaced_config_map("default", config_map("one"))


def test_whoever_asks_for_everything_is_told_of_a_denial_too(fake, api):
    assert may(api, "*", "*", group="*")

    fake.deny(verb="create", resource="namespaces")

    assert not may(api, "*", "*", group="*")


def test_what_was_denied_is_allowed_again(fake, api):
    fake.deny(resource="namespaces")
    fake.allow_again()

    assert may(api, "create", "namespaces")


def test_a_project_administrator_rules_their_namespace_and_nothing_else(fake, core):
    core.create_namespace({"metadata": {"name": "theirs"}})
    kubeconfig = fake.add_user("owner", namespaces=["theirs"])

    with config.new_client_from_config(kubeconfig) as api:
        theirs = client.CoreV1Api(api)
        assert theirs.create_namespaced_config_map("theirs", config_map("one"))
        assert may(api, "create", "rolebindings", "rbac.authorization.k8s.io", "theirs")
        assert not may(api, "create", "namespaces")
        with refused(403, 'User \\"owner\\" cannot create resource \\"namespaces\\"'):
            theirs.create_namespace({"metadata": {"name": "more"}})
        with refused(403, 'in the namespace \\"default\\"'):
            theirs.list_namespaced_secret("default")


def test_an_administrator_acts_as_another_user(fake, dynamic):
    fake.add_user("student")

    with refused(403, 'User \\"student\\" cannot list resource \\"secrets\\"'):
        dynamic.request("GET", "/api/v1/secrets", header_params={"Impersonate-User": "student"})


def test_every_request_takes_as_long_as_a_test_says(fake, core):
    fake.switch(latency_seconds=0.2)

    core.list_namespace()

    assert fake.request_log()[-1]["seconds"] >= 0.2


def test_a_caller_is_told_who_they_are(fake, api):
    review = client.AuthenticationV1Api(api).create_self_subject_review({})

    assert review.status.user_info.username == "kube:admin"


def test_an_unknown_token_is_unauthorized(fake, kubeconfig):
    with config.new_client_from_config(kubeconfig) as api:
        api.configuration.refresh_api_key_hook = None
        api.configuration.api_key = dict.fromkeys(api.configuration.api_key, "Bearer wrong")
        with refused(401, "Unauthorized"):
            client.CoreV1Api(api).list_namespace()


@pytest.fixture
def impatient(kubeconfig):
    """A client that does not try again by itself."""
    configuration = client.Configuration()
    config.load_kube_config(kubeconfig, client_configuration=configuration)
    configuration.retries = False
    with client.ApiClient(configuration) as api:
        yield client.CoreV1Api(api)


@pytest.mark.parametrize("code", [429, 500, 503])
def test_the_next_requests_fail_and_the_one_after_does_not(fake, core, impatient, code):
    fake.fail_next(code, count=2, verb="get", resource="configmaps")
    core.create_namespaced_config_map("default", config_map("one"))

    for _ in range(2):
        with refused(code):
            impatient.read_namespaced_config_map("one", "default")
    assert impatient.read_namespaced_config_map("one", "default")


def test_a_connection_is_reset(fake, impatient):
    fake.fail_next(0, verb="list", resource="namespaces")

    with pytest.raises(ProtocolError):
        impatient.list_namespace()
    assert impatient.list_namespace().items


def test_requests_are_counted_by_verb_and_resource(fake, core, apps, deployments):
    fake.forget_requests()
    core.create_namespaced_config_map("default", config_map("one"))
    for _ in range(2):
        deployments.server_side_apply(deployment("web"), name="web", namespace="default", field_manager="alpha")

    counted = fake.requests()

    assert counted["by_verb"]["create"] == {"configmaps": 1}
    assert counted["by_verb"]["apply"] == {"deployments.apps": 2}
    assert [(entry["verb"], entry["name"], entry["status"]) for entry in fake.request_log()[-2:]] == [
        ("apply", "web", 201),
        ("apply", "web", 200),
    ]


def test_a_reset_leaves_a_new_cluster_under_the_same_address(fake, core):
    core.create_namespace({"metadata": {"name": "old"}})
    fake.fail_next(500, count=100)

    fake.reset()

    assert "old" not in {each.metadata.name for each in core.list_namespace().items}


def test_a_control_call_that_makes_no_sense_is_answered_with_a_sentence(fake):
    with pytest.raises(ValueError, match="no such switch: routr"):
        fake.switch(routr=False)
    with pytest.raises(ValueError, match="Explodes"):
        fake.roll_out("Explodes")


def test_a_test_that_plays_the_kubelet_gets_pods_with_everything_resolved(fake, core, apps):
    fake.switch(kubelet=True)
    core.create_namespaced_secret("default", {"metadata": {"name": "s"}, "stringData": {"password": "pw", "ca": "PEM"}})
    manifest = deployment(
        "web",
        command=["serve", "--url=$(URL)"],
        env=[
            {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "s", "key": "password"}}},
            {"name": "URL", "value": "postgresql://app:$(PASSWORD)@db/$$name"},
            {"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
        ],
        volumeMounts=[{"name": "secret", "mountPath": "/secret"}],
    )
    manifest["spec"]["template"]["spec"]["volumes"] = [
        {"name": "secret", "secret": {"secretName": "s", "items": [{"key": "ca", "path": "ca.crt"}]}}
    ]
    apps.create_namespaced_deployment("default", manifest)

    notices = fake.pods(wait_seconds=20)

    (pod,) = notices["pods"]
    (container,) = pod["containers"]
    assert container["environment"] == {"PASSWORD": "pw", "URL": "postgresql://app:pw@db/$name", "POD": "default"}
    assert container["arguments"] == ["serve", "--url=postgresql://app:pw@db/$name"]
    assert pod["files"] == {"secret": {"ca.crt": "UEVN"}}


def test_a_pod_becomes_what_the_played_kubelet_reports(fake, core, apps):
    fake.switch(kubelet=True)
    apps.create_namespaced_deployment("default", deployment("web"))
    notices = fake.pods(wait_seconds=20)
    name = notices["pods"][0]["name"]
    waiting = core.read_namespaced_pod(name, "default").status.phase

    fake.report_pod("default", name, "Running", ready=True, pod_ip="127.0.0.1", log="listening")
    ready = wait_until(apps.list_namespaced_deployment, "default", holds=lambda each: each.status.ready_replicas == 1)
    apps.delete_namespaced_deployment("web", "default")
    wait_until_gone(core.list_namespaced_pod, "default")

    assert waiting == "Pending"
    assert ready
    (stopped,) = fake.pods(after=notices["last"], wait_seconds=20)["pods"]
    assert (stopped["event"], stopped["name"]) == ("stop", name)


def test_the_process_ends_with_its_standard_input():
    cluster = FakeCluster("kubernetes")
    kubeconfig = Path(cluster.kubeconfig)
    assert kubeconfig.stat().st_mode & 0o077 == 0

    assert cluster.stop() == 0
    assert not kubeconfig.exists()


def test_the_process_ends_on_sigterm():
    command = [sys.executable, "-m", "cluster.fake", "--profile", "kubernetes"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
