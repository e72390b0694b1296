import pytest
from kubernetes import client, config
from kubernetes.dynamic import DynamicClient
from kubernetes.dynamic.exceptions import ResourceNotFoundError

from cluster.fake.launch import FakeCluster


@pytest.mark.parametrize(
    ("api_version", "kind", "plural", "namespaced"),
    [
        ("v1", "Secret", "secrets", True),
        ("v1", "Namespace", "namespaces", False),
        ("apps/v1", "StatefulSet", "statefulsets", True),
        pytest.param(
            *("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", True),
            marks=pytest.mark.since("1.21", "policy/v1"),
        ),
        ("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", True),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", False),
        ("storage.k8s.io/v1", "StorageClass", "storageclasses", False),
    ],
)
def test_a_kind_is_discovered(dynamic, api_version, kind, plural, namespaced):
    found = dynamic.resources.get(api_version=api_version, kind=kind)

    assert (found.name, found.namespaced) == (plural, namespaced)
    assert {"create", "get", "list", "patch", "update", "delete", "watch"} <= set(found.verbs)


def test_subresources_are_discovered(dynamic):
    assert {"status", "scale"} <= set(dynamic.resources.get(api_version="apps/v1", kind="Deployment").subresources)


def test_an_unknown_kind_is_not_discovered(dynamic):
    with pytest.raises(ResourceNotFoundError):
        dynamic.resources.get(api_version="v1", kind="Imaginary")


@pytest.mark.parametrize(("profile", "has_routes"), [("openshift", True), ("kubernetes", False)])
def test_only_the_openshift_profile_has_openshift_kinds(profile, has_routes):
    with FakeCluster(profile) as cluster, config.new_client_from_config(cluster.kubeconfig) as api:
        groups = {group.name for group in client.ApisApi(api).get_api_versions().groups}

    assert ("route.openshift.io" in groups) is has_routes
    assert ("project.openshift.io" in groups) is has_routes
    assert "apps" in groups


@pytest.mark.parametrize("version", ["1.25", "1.31"])
def test_the_cluster_has_the_version_it_was_started_with(version):
    with FakeCluster("kubernetes", version) as cluster, config.new_client_from_config(cluster.kubeconfig) as api:
        assert client.VersionApi(api).get_code().git_version == f"v{version}.0"
        assert DynamicClient(api).resources.get(api_version="apps/v1", kind="Deployment")
