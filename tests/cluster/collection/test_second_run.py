"""What a run costs that finds everything as it shall be, and what a removal leaves in the cluster as a whole."""

from kubernetes import client, config

CLUSTER_KINDS = (
    ("v1", "Namespace"),
    ("v1", "PersistentVolume"),
    ("oauth.openshift.io/v1", "OAuthClient"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
)
LAB = {"multi_user": True, "num_users": 5, "oauth_enabled": True}


def test_a_second_run_writes_nothing_waits_for_nothing_and_reads_no_object_by_itself(site):
    site.play(**LAB)
    site.fake.forget_requests()
    again = site.play(**LAB)
    assert again.changed == 0
    requests = site.fake.requests()["by_verb"]
    assert requests.keys() <= {"create", "get", "list"}
    assert requests["create"].keys() == {"selfsubjectaccessreviews.authorization.k8s.io"}
    assert max(requests["list"].values()) <= 2  # not one for each user: what is there, and what preflight looks at


def test_what_somebody_else_changed_and_put_back_is_no_change(site):
    site.play()
    with config.new_client_from_config(site.kubeconfig) as api:
        for value in ("somebody-s", "ai-proxy"):
            client.CoreV1Api(api).patch_namespaced_service(
                "litellm", "litemaas", {"metadata": {"labels": {"component": value}}}, field_manager="somebody"
            )
    for arguments in (("--check",), ()):
        play = site.play(*arguments)
        assert (play.code, play.changed) == (0, 0), play.failure


def test_a_removal_leaves_no_object_of_the_cluster(site):
    before = {kind: site.names(*kind) for kind in CLUSTER_KINDS}
    site.play(**LAB)
    removed = site.play(remove=True, **LAB)
    assert removed.code == 0, removed.failure
    assert {kind: site.names(*kind) for kind in CLUSTER_KINDS} == before
