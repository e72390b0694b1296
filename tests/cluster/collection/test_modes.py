"""The other modes and the other kinds of cluster: high availability, Redis, plain Kubernetes, no cluster admin."""

import pytest
import yaml
from collection_support import Site

from cluster.fake.launch import FakeCluster


def test_high_availability_has_replicas_redis_and_budgets(site):
    play = site.play(playbook="deploy_litemaas_ha.yml", oauth_enabled=True, ha_litellm_replicas=3)
    assert play.code == 0, play.failure
    replicas = {
        one["metadata"]["name"]: one["spec"]["replicas"] for one in site.list("apps/v1", "Deployment", "litemaas")
    }
    assert replicas == {"litellm": 3, "litemaas-backend": 2, "litemaas-frontend": 2}
    assert site.names("apps/v1", "StatefulSet", "litemaas") == {"postgres", "litemaas-redis"}
    claims = site.list("v1", "PersistentVolumeClaim", "litemaas")
    assert {one["metadata"]["name"]: one["spec"]["resources"]["requests"]["storage"] for one in claims} == {
        "postgres-storage-postgres-0": "10Gi",
        "redis-storage-litemaas-redis-0": "5Gi",
    }
    assert site.user_data()["litemaas_ha_enabled"] is True
    removed = site.play(remove=True)  # as the seeds do it: with the other playbook
    assert removed.code == 0, removed.failure
    assert site.namespaces() == set()


def test_high_availability_works_without_redis_and_with_an_external_database(site):
    url = "postgresql://litemaas:secret@db.example:5432/litemaas?sslmode=verify-full"
    play = site.play(ha_enabled=True, ha_enable_redis=False, ha_enable_postgres=False, database_url=url)
    assert play.code == 0, play.failure
    assert site.names("apps/v1", "StatefulSet", "litemaas") == set()
    assert site.secret("postgres-secret") == {"DATABASE_URL": url}
    assert "secret@db.example" not in play.output


def test_replicas_and_redis_work_in_labs(site):
    play = site.play(multi_user=True, num_users=1, litellm_replicas=2, deploy_redis=True)
    assert play.code == 0, play.failure
    (gateway,) = site.list("apps/v1", "Deployment", "litemaas-user1")
    assert gateway["spec"]["replicas"] == 2
    assert site.names("apps/v1", "StatefulSet", "litemaas-user1") == {"postgres", "litemaas-redis"}


def test_storage_class_and_size_are_those_that_are_given(site):
    site.fake.set_storage_classes(
        {"name": "ocs-external-storagecluster-ceph-rbd", "provisioner": "x", "default": False}
    )
    play = site.play(postgres_storage_class="ocs-external-storagecluster-ceph-rbd", postgres_storage_size="50Gi")
    assert play.code == 0, play.failure
    (claim,) = site.list("v1", "PersistentVolumeClaim", "litemaas")
    assert claim["spec"]["storageClassName"] == "ocs-external-storagecluster-ceph-rbd"
    assert claim["spec"]["resources"]["requests"]["storage"] == "50Gi"


def test_volumes_keep_their_class_when_the_default_moves(site):
    site.play()
    (claim,) = site.list("v1", "PersistentVolumeClaim", "litemaas")
    site.fake.set_storage_classes({"name": "newer", "provisioner": "x", "default": True})
    again = site.play()
    assert again.code == 0, again.failure
    assert again.changed == 0
    assert claim["spec"]["storageClassName"] != "newer"


def test_a_project_admin_deploys_into_an_existing_namespace_and_leaves_it_as_it_was(site):
    site.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "litemaas", "labels": {"team": "a"}}})
    keep = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "theirs", "namespace": "litemaas"}}
    site.create(keep)
    before = site.names("v1", "ConfigMap", "litemaas")
    site.kubeconfig = site.fake.add_user("developer", namespaces=["litemaas"])
    play = site.play(cluster_domain="apps.cluster.example.com")
    assert play.code == 0, play.failure
    (namespace,) = [one for one in site.list("v1", "Namespace") if one["metadata"]["name"] == "litemaas"]
    assert "app.kubernetes.io/managed-by" not in namespace["metadata"]["labels"]
    assert site.play(cluster_domain="apps.cluster.example.com").changed == 0
    removed = site.play(cluster_domain="apps.cluster.example.com", remove=True)
    assert removed.code == 0, removed.failure
    assert site.names("v1", "ConfigMap", "litemaas") == before
    assert site.names("apps/v1", "Deployment", "litemaas") == set()
    assert site.names("v1", "Secret", "litemaas") == set()
    assert site.names("v1", "PersistentVolumeClaim", "litemaas") == set()


def test_a_project_admin_without_a_namespace_is_told_what_is_missing(site):
    site.kubeconfig = site.fake.add_user("developer", namespaces=["elsewhere"])
    play = site.play(cluster_domain="apps.cluster.example.com")
    assert "create and patch namespaces" in play.last["msg"]
    assert "a project admin can deploy a single instance" in play.last["msg"]


def test_pods_pass_the_restricted_security_context_constraint(site):
    site.fake.switch(security_context_constraints="templates")
    play = site.play(playbook="deploy_litemaas_ha.yml", oauth_enabled=True)
    assert play.code == 0, play.failure


def test_the_action_of_agnosticd_removes(site):
    site.play()
    removed = site.play("-e", "ACTION=destroy")
    assert removed.code == 0, removed.failure
    assert site.namespaces() == set()


def test_agnosticds_own_action_is_used_where_it_is_installed(site):
    plugins = site.folder / "action_plugins"
    plugins.mkdir()
    (plugins / "agnosticd_user_info.py").write_text(AGNOSTICD)
    site.environment = {"ANSIBLE_ACTION_PLUGINS": str(plugins)}
    play = site.play(multi_user=True, num_users=2)
    assert play.code == 0, play.failure
    calls = list(yaml.safe_load_all((site.folder / "calls.yaml").read_text()))
    assert [call.get("user") for call in calls] == [None, "user1", "user2"]
    assert calls[1]["data"]["litemaas_namespace"] == "litemaas-user1"
    assert not (site.folder / "provision-user-data.yaml").exists()


AGNOSTICD = """
import json
from pathlib import Path
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    _VALID_ARGS = frozenset(("msg", "data", "user", "body"))

    def run(self, tmp=None, task_vars=None):
        with Path(task_vars["output_dir"], "calls.yaml").open("a") as file:
            file.write("---\\n" + json.dumps(self._task.args) + "\\n")
        return {"failed": False}
"""


@pytest.fixture(scope="module")
def kubernetes():
    with FakeCluster("kubernetes") as cluster:
        yield cluster


def test_plain_kubernetes_gets_an_ingress_and_oidc(kubernetes, tmp_path):
    site = Site(kubernetes, tmp_path)
    variables = {
        "cluster_domain": "apps.example.com",
        "oauth_enabled": True,
        "oauth_provider": "oidc",
        "oauth_issuer": "https://login.example.com",
        "oauth_client_secret": "s3cret",
    }
    play = site.play(**variables)
    assert play.code == 0, play.failure
    (ingress,) = site.list("networking.k8s.io/v1", "Ingress", "litemaas")
    paths = {
        (rule["host"], path["path"]): path["backend"]["service"]["name"]
        for rule in ingress["spec"]["rules"]
        for path in rule["http"]["paths"]
    }
    assert paths == {
        ("litellm-admin.apps.example.com", "/api"): "litemaas-backend",
        ("litellm-admin.apps.example.com", "/"): "litellm",
        ("litellm-rhpds.apps.example.com", "/"): "litellm",
        ("litellm-frontend.apps.example.com", "/api"): "litemaas-backend",
        ("litellm-frontend.apps.example.com", "/"): "litemaas-frontend",
    }
    assert "kubectl get secret" in str(play.last["msg"])
    assert site.play(**variables).changed == 0
    assert site.play(cluster_domain="apps.example.com", remove=True).code == 0
    assert site.namespaces() == set()


def test_openshift_login_on_plain_kubernetes_is_refused(kubernetes, tmp_path):
    site = Site(kubernetes, tmp_path)
    play = site.play(cluster_domain="apps.example.com", oauth_enabled=True)
    assert "This cluster has no OpenShift OAuth" in play.last["msg"]
    assert site.namespaces() == set()
