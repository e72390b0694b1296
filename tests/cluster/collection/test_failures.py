"""Whatever is wrong ends in one clear sentence, with the cluster's own words."""

import itertools
from pathlib import Path

import pytest
import yaml

WRONG = [
    (
        {
            "multi_user": True,
            "ha_enabled": True,
            "num_users": "abc",
            "user_prefix": "User",
            "admin_host": "ai.example.com",
            "database_url": "postgresql://u:p@db.example/x",
            "oauth_enabled": True,
            "oauth_provider": "google",
            "litellm_api_key": "secret",
            "postgres_password": "a/b",
            "litellm_replicas": 0,
        },
        [
            "num_users must be a whole number from 1 to 500, not abc.",
            "user_prefix must be of lower-case letters",
            "A lab cannot be highly available",
            "Hosts cannot be set for a lab",
            "Lab users cannot share the external database",
            "because it becomes part of a URL",
            "must begin with sk-",
            "OAuth with google needs",
            "which ends in .apps.googleusercontent.com",
            "OAuth with google needs ocp4_workload_litemaas_google_allowed",
        ],
    ),
    (
        {
            "namespace": "Lite MaaS",
            "ha_enabled": True,
            "ha_enable_postgres": False,
            "ha_litellm_replicas": 0,
            "oauth_enabled": True,
            "oauth_provider": "oidc",
            "oauth_client_secret": "x",
        },
        [
            "namespace must be of lower-case letters, digits and hyphens, not Lite MaaS.",
            "needs ocp4_workload_litemaas_database_url",
            "OAuth with oidc needs ocp4_workload_litemaas_oauth_issuer",
            "The number of gateway replicas must be from 1 to 50.",
        ],
    ),
    (
        {
            "litellm_memory_limit": "1GB",
            "postgres_cpu_request": "3",
            "admin_groups": "cluster-admins",
            "concurrency": 0,
            "otlp_headers": "token",
        },
        [
            "ocp4_workload_litemaas_litellm_memory_limit: '1GB' is no quantity: write memory and volumes like 10Gi",
            "ocp4_workload_litemaas_postgres_cpu_request, 3, is above ocp4_workload_litemaas_postgres_cpu_limit, 1.",
            "are lists; write them into a file for -e @file",
            "concurrency must be from 1 to 64.",
            "otlp_headers must be like name=value",
        ],
    ),
    ({"multi_user": True, "num_users": "0"}, ["num_users must be a whole number from 1 to 500, not 0."]),
    ({"oauth_provider": "ldap"}, ["value of ocp4_workload_litemaas_oauth_provider must be one of"]),
    ({"postgres_storage_class": "fast"}, ["There is no storage class fast. Storage classes that exist:"]),
]


@pytest.mark.parametrize(("variables", "sentences"), WRONG)
def test_all_that_is_wrong_with_the_input_is_told_before_anything_is_changed(site, variables, sentences):
    play = site.play(**variables)
    assert play.code != 0
    assert [sentence for sentence in sentences if sentence not in play.output] == []
    assert site.namespaces() == set()


def test_missing_permissions_are_listed_before_anything_is_changed(site):
    for resource in ("secrets", "routes"):
        site.fake.deny(verb="create", resource=resource)
    play = site.play()
    assert "Your login lacks permissions: create secrets, routes" in play.last["msg"]
    assert " in namespace litemaas." in play.last["msg"]
    assert site.namespaces() == set()


def test_a_host_that_another_namespace_holds_is_refused(site):
    site.fake.claim_host("litellm-admin.apps.cluster.example.com", "other")
    play = site.play()
    assert "litellm-admin.apps.cluster.example.com is held by namespace other" in play.last["msg"]
    assert site.namespaces() == set()


def test_a_cluster_that_cannot_be_reached_is_said_so(site):
    unreachable = site.folder / "kubeconfig"
    unreachable.write_text(Path(site.kubeconfig).read_text().replace(site.fake.url, "https://127.0.0.1:9"))
    site.kubeconfig = str(unreachable)
    play = site.play()
    assert "The API server at https://127.0.0.1:9 cannot be reached" in play.last["msg"]


def test_a_login_that_has_expired_is_said_so(site):
    expired = site.folder / "kubeconfig"
    settings = yaml.safe_load(Path(site.kubeconfig).read_text())
    settings["users"][0]["user"]["token"] = "expired"
    expired.write_text(yaml.safe_dump(settings))
    site.kubeconfig = str(expired)
    assert "does not accept our login: log in anew" in site.play().last["msg"]


def test_a_cluster_without_a_known_domain_asks_for_it(site):
    site.fake.set_ingress_domain("")
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


def test_each_database_that_does_not_start_is_explained(site):
    for number, outcome in enumerate(OUTCOMES, start=1):
        site.fake.roll_out(outcome, namespace=f"litemaas-user{number}", name="postgres")
    play = site.play(multi_user=True, num_users=len(OUTCOMES) + 1)
    assert play.code != 0
    errors = {one["namespace"]: one["error"] for one in play.last["instances"]}
    for number, sentence in enumerate(OUTCOMES.values(), start=1):
        assert sentence in errors[f"litemaas-user{number}"]
    assert errors[f"litemaas-user{len(OUTCOMES) + 1}"] == ""


def test_a_rollout_that_says_nothing_ends_with_what_is_missing(site):
    site.fake.roll_out("Never", name="litellm")
    play = site.play(wait_timeout=2)
    assert "not ready in time. Deployment litellm: 0 of 1 pods" in play.last["msg"]


def test_a_busy_or_breaking_server_is_asked_again(site):
    for code, verb in itertools.product((429, 500, 0), ("apply", "create", "list")):
        site.fake.fail_next(code, verb=verb)
    play = site.play()
    assert play.code == 0, play.failure


def test_a_slip_of_the_pen_is_told_with_what_may_be_meant(site):
    play = site.play("-e", "num_users=3", oauth_enable=True)
    assert play.code == 0, play.failure
    said = next(result["msg"] for result in play.results if isinstance(result.get("msg"), list))
    assert said == [
        "Nobody reads ocp4_workload_litemaas_oauth_enable. Is ocp4_workload_litemaas_oauth_enabled meant?",
        "num_users has no effect without ocp4_workload_litemaas_multi_user=true.",
    ]
