"""Where there are no Routes: an Ingress that some controller serves, or one sentence before anything is changed."""

import pytest
from collection_support import Site
from kubernetes import client, config

from cluster.fake.launch import FakeCluster

DOMAIN = "apps.example.com"


@pytest.fixture
def site(tmp_path):
    with FakeCluster("kubernetes") as cluster:
        yield Site(cluster, tmp_path)


@pytest.mark.timeout(300)  # several plays
def test_a_cluster_with_neither_routes_nor_a_default_ingress_class_is_refused(site):
    with config.new_client_from_config(site.kubeconfig) as api:
        client.NetworkingV1Api(api).patch_ingress_class("nginx", {"metadata": {"annotations": None}})
    refused = site.play(cluster_domain=DOMAIN, verify=True)
    assert "This cluster has no Routes and no IngressClass is the default" in refused.last["msg"]
    assert "Classes that exist: nginx." in refused.last["msg"]
    assert site.namespaces() == set()
    assert (
        site.play(cluster_domain=DOMAIN, verify=True, ingress_class="haproxy")
        .last["msg"]
        .startswith("There is no IngressClass haproxy.")
    )
    assert site.play(cluster_domain=DOMAIN, ingress_class="nginx").code == 0
