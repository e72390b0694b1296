"""The right to look for OpenShift AI's models belongs to the cluster, but comes and goes with its instance."""

import pytest

KINDS = ("ClusterRole", "ClusterRoleBinding")
RBAC = "rbac.authorization.k8s.io/v1"


def rights(site):
    return {name for kind in KINDS for name in site.names(RBAC, kind) if name.startswith("litemaas-discovery")}


@pytest.mark.timeout(300)  # several plays
def test_it_is_given_taken_back_when_switched_off_and_gone_with_the_instance(site):
    first = site.play(discover_from_ui=True)
    assert first.code == 0, first.failure
    assert rights(site) == {"litemaas-discovery:litemaas"}
    assert "litemaas-discovery" in site.names("v1", "ServiceAccount", "litemaas")
    assert site.play(discover_from_ui=True).changed == 0

    off = site.play()
    assert off.code == 0, off.failure
    assert rights(site) == set()
    assert "litemaas-discovery" not in site.names("v1", "ServiceAccount", "litemaas")
    assert site.play().changed == 0

    site.play(discover_from_ui=True)
    removed = site.play(remove=True)
    assert removed.code == 0, removed.failure
    assert rights(site) == set()


def test_it_goes_from_a_namespace_of_somebody_else_too(site):
    site.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "litemaas"}})
    site.play(discover_from_ui=True)
    assert rights(site) == {"litemaas-discovery:litemaas"}
    site.play(remove=True)
    assert rights(site) == set()
    assert "litemaas" in site.namespaces()


def test_who_may_not_give_it_is_told_beforehand(site):
    site.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "litemaas"}})
    site.kubeconfig = site.fake.add_user("developer", namespaces=["litemaas"])
    play = site.play(discover_from_ui=True, cluster_domain="apps.cluster.example.com")
    assert play.code != 0
    assert "create and patch clusterroles, clusterrolebindings" in play.last["msg"]
