"""Whatever is wrong ends in one clear sentence, with the cluster's own words."""

from pathlib import Path

import pytest

INPUT = {
    "no users": ({"multi_user": True, "num_users": 0}, "num_users must be a whole number from 1 to 500, not 0"),
    "users that are no number": ({"multi_user": True, "num_users": "abc"}, "abc"),
    "a lab that is highly available": ({"multi_user": True, "ha_enabled": True}, "A lab cannot be highly available"),
    "no database": ({"ha_enabled": True, "ha_enable_postgres": False}, "needs ocp4_workload_litemaas_database_url"),
    "a password that breaks a URL": ({"postgres_password": "a/b"}, "because it becomes part of a URL"),
    "a key without its prefix": ({"litellm_api_key": "secret"}, "must begin with sk-"),
    "google without a secret": ({"oauth_enabled": True, "oauth_provider": "google"}, "oauth_client_secret"),
    "an unknown provider": (
        {"oauth_provider": "ldap"},
        "value of ocp4_workload_litemaas_oauth_provider must be one of",
    ),
    "an unknown storage class": (
        {"postgres_storage_class": "fast"},
        "There is no storage class fast. Storage classes that",
    ),
}


@pytest.mark.parametrize("case", INPUT)
def test_wrong_input_is_refused_with_a_sentence_before_anything_is_changed(site, case):
    variables, sentence = INPUT[case]
    play = site.play(**variables)
    assert play.code != 0
    assert sentence in play.output
    assert site.namespaces() == set()


def test_missing_permissions_are_listed_before_anything_is_changed(site):
    site.fake.control("POST", "/denials", {"verb": "create", "resource": "routes"})
    play = site.play()
    assert "Your login lacks permissions: create routes in namespace litemaas" in play.last["msg"]
    assert site.namespaces() == set()


def test_a_host_that_another_namespace_holds_is_refused(site):
    site.fake.control("POST", "/routes", {"host": "litellm-admin.apps.cluster.example.com", "namespace": "other"})
    play = site.play()
    assert "litellm-admin.apps.cluster.example.com is held by namespace other" in play.last["msg"]
    assert site.namespaces() == set()


def test_a_cluster_that_cannot_be_reached_is_said_so(site):
    unreachable = site.folder / "kubeconfig"
    unreachable.write_text(Path(site.kubeconfig).read_text().replace(site.fake.url, "https://127.0.0.1:9"))
    site.kubeconfig = str(unreachable)
    play = site.play()
    assert "The API server at https://127.0.0.1:9 cannot be reached" in play.last["msg"]


def test_a_cluster_without_a_known_domain_asks_for_it(site):
    site.fake.control("PUT", "/ingress-domain", {"domain": ""})
    assert "set ocp4_workload_litemaas_cluster_domain" in site.play().last["msg"]
    assert site.play(cluster_domain="apps.other.example").code == 0


OUTCOMES = {
    "ImagePullBackOff": "ImagePullBackOff",
    "Unschedulable": "cannot be scheduled",
    "CrashLoopBackOff": "CrashLoopBackOff",
    "QuotaExceeded": "exceeded quota",
    "PersistentVolumeClaimPending": "is pending; storage classes that exist:",
    "SecurityRefused": "forbidden",
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_database_that_does_not_start_is_explained(site, outcome):
    site.fake.control("POST", "/rollouts", {"outcome": outcome, "name": "postgres"})
    play = site.play()
    assert play.code != 0
    assert OUTCOMES[outcome] in play.last["msg"]
    assert "litemaas" in play.last["msg"]


def test_a_rollout_that_says_nothing_ends_with_what_is_missing(site):
    site.fake.control("POST", "/rollouts", {"outcome": "Never", "name": "litellm"})
    play = site.play(wait_timeout=2)
    assert "not ready in time. Deployment litellm: 0 of 1 pods" in play.last["msg"]


@pytest.mark.parametrize("code", [429, 500, 0])
def test_a_busy_or_breaking_server_is_asked_again(site, code):
    for verb in ("apply", "create", "list"):
        site.fake.control("POST", "/faults", {"code": code, "count": 3, "verb": verb})
    play = site.play()
    assert play.code == 0, play.failure
