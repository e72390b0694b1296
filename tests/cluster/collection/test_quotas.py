"""A namespace that has too little room is told of before anything is deployed."""

import pytest
from ansible_collections.rhpds.litemaas.plugins.module_utils.quotas import breaches, shortages


def pod(request, limit, first=None):
    def container(name, cpu):
        return {"name": name, "resources": {"requests": {"cpu": cpu, "memory": request}, "limits": {"memory": limit}}}

    return {"containers": [container("one", "100m"), container("two", "1")], "initContainers": [container("init", "2")]}


def workload(kind="Deployment", replicas=2, request="256Mi", limit="1Gi", **more):
    spec = {"replicas": replicas, "template": {"spec": pod(request, limit)}, **more}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "litellm"}, "spec": spec}


DATABASE = workload(
    "StatefulSet",
    replicas=1,
    volumeClaimTemplates=[
        {
            "metadata": {"name": "storage"},
            "spec": {"resources": {"requests": {"storage": "10Gi"}}, "storageClassName": "fast"},
        }
    ],
)


def quota(hard, used=None, **spec):
    return {"metadata": {"name": "compute"}, "spec": {"hard": hard, **spec}, "status": {"used": used or {}}}


def limit_range(kind, **rule):
    return {"metadata": {"name": "limits"}, "spec": {"limits": [{"type": kind, **rule}]}}


@pytest.mark.parametrize(
    ("hard", "used", "words"),
    [
        ({"limits.memory": "4Gi"}, {}, None),
        (
            {"limits.memory": "4Gi"},
            {"limits.memory": "512Mi"},
            "leaves 3.5Gi of 4Gi limits.memory, and 4Gi more are needed",
        ),
        ({"requests.memory": "1Gi", "pods": "1"}, {}, "leaves 1 of 1 pods, and 2 more are needed"),
        ({"cpu": "3"}, {}, "leaves 3000m of 3 cpu, and 4000m more are needed"),
        ({"cpu": "4"}, {}, None),
        ({"count/deployments.apps": "0"}, {}, "leaves 0 of 0 count/deployments.apps, and 1 more are needed"),
        ({"services": "1", "count/routes.route.openshift.io": "1"}, {"services": "1"}, None),
        ({"limits.memory": "1Gi"}, {"limits.memory": "2Gi"}, "leaves 0 of 1Gi limits.memory"),
    ],
)
def test_a_quota_that_leaves_too_little_is_named_with_what_is_missing(hard, used, words):
    found = shortages([quota(hard, used)], [workload()], [])
    assert found == [] if words is None else words in " ".join(found)


def test_what_is_there_already_counts_once():
    full = quota({"limits.memory": "4Gi"}, {"limits.memory": "4Gi"})
    assert shortages([full], [workload()], [workload()]) == []
    assert shortages([full], [workload(replicas=3)], [workload()]) == [
        "quota compute leaves 0 of 4Gi limits.memory, and 2Gi more are needed"
    ]


def test_volumes_of_databases_count_by_size_number_and_class():
    hard = {
        "requests.storage": "5Gi",
        "persistentvolumeclaims": "0",
        "fast.storageclass.storage.k8s.io/requests.storage": "1Gi",
        "slow.storageclass.storage.k8s.io/requests.storage": "1Gi",
    }
    assert len(shortages([quota(hard)], [DATABASE], [])) == 3


def test_a_quota_of_other_pods_is_none_of_ours():
    others = [{"scopes": ["BestEffort"]}, {"scopes": ["Terminating"]}, {"scopeSelector": {"matchExpressions": []}}]
    assert shortages([quota({"pods": "0"}, **spec) for spec in others], [workload()], []) == []
    assert shortages([quota({"pods": "0"}, scopes=["NotTerminating"])], [workload()], [])


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (limit_range("Container", max={"memory": "1Gi"}, min={"cpu": "100m"}), None),
        (
            limit_range("Container", max={"memory": "512Mi"}),
            "container init of Deployment litellm: 1Gi memory is more than the",
        ),
        (
            limit_range("Container", min={"memory": "1Gi"}),
            "256Mi memory is less than the minimum 1Gi of LimitRange limits",
        ),
        (
            limit_range("Container", maxLimitRequestRatio={"memory": "2"}),
            "limit of memory 1Gi is more than 2 times its request",
        ),
        (
            limit_range("Pod", max={"memory": "1Gi"}),
            "pods of Deployment litellm: 2Gi memory is more than the maximum 1Gi",
        ),
        (
            limit_range("PersistentVolumeClaim", max={"storage": "5Gi"}),
            "volume storage of StatefulSet litellm: 10Gi storage",
        ),
        (limit_range("openshift.io/Image", max={"storage": "1Gi"}), None),
    ],
)
def test_a_limit_range_that_allows_less_is_named(rule, words):
    found = breaches([rule], [workload(), DATABASE])
    assert found == [] if words is None else words in " ".join(found)


def test_a_play_says_so_in_one_sentence_before_it_changes_anything(site):
    site.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "litemaas"}})
    limits = {"hard": {"limits.memory": "1Gi", "persistentvolumeclaims": "3"}}
    metadata = {"name": "compute", "namespace": "litemaas"}
    site.create({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": metadata, "spec": limits})
    for arguments in ((), ("--check",)):
        play = site.play(*arguments)
        assert play.code != 0
        assert play.last["msg"].startswith(
            "There is not enough room. litemaas: quota compute leaves 1Gi of 1Gi limits.m"
        )
        assert "ocp4_workload_litemaas_" in play.last["msg"]
    assert site.list("apps/v1", "Deployment", "litemaas") == []
    assert site.list("v1", "Secret", "litemaas") == []

    smaller = {"litellm_memory_limit": "512Mi", "postgres_memory_limit": "512Mi"}
    first = site.play(**smaller)
    assert first.code == 0, first.failure
    again = site.play(**smaller)
    assert (again.code, again.changed) == (0, 0)


SHARED = {
    "apiVersion": "quota.openshift.io/v1",
    "kind": "ClusterResourceQuota",
    "metadata": {"name": "workshop"},
    "spec": {"selector": {"labels": {"matchLabels": {"event": "x"}}}, "quota": {"hard": {"requests.memory": "1Gi"}}},
    "status": {
        "total": {"hard": {"requests.memory": "1Gi"}, "used": {"requests.memory": "576Mi"}},
        "namespaces": [{"namespace": name} for name in ("litemaas-user1", "litemaas-user2", "somebody-s")],
    },
}
APPLIED = {
    **SHARED,
    "kind": "AppliedClusterResourceQuota",
    "metadata": {"name": "workshop", "namespace": "litemaas"},
    "status": {**SHARED["status"], "namespaces": [{"namespace": "litemaas"}]},
}


def test_what_a_lab_takes_of_a_quota_over_several_namespaces_is_added_up(site):
    for name in ("litemaas-user1", "litemaas-user2"):
        site.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    site.create(SHARED)
    play = site.play("--check", multi_user=True, num_users=2)
    assert play.code != 0
    assert play.last["msg"].startswith(
        "There is not enough room. litemaas-user1, litemaas-user2: cluster quota workshop leaves 448Mi of 1Gi"
    )
    assert site.play("--check", multi_user=True, num_users=1).code == 0


def test_who_may_not_see_the_cluster_s_quotas_is_told_of_those_of_the_project(site):
    site.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "litemaas"}})
    site.create(APPLIED)
    site.fake.deny(verb="list", resource="clusterresourcequotas")
    play = site.play("--check")
    assert play.code != 0
    assert "litemaas: cluster quota workshop leaves 448Mi of 1Gi" in play.last["msg"]
