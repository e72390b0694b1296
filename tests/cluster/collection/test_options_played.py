"""The options beside the modes on a cluster: backups and restores, autoscaling, monitoring, upstream LiteLLM."""

import pytest
from kubernetes import client, config

BACKUP = {"backup_enabled": True}
AUTOSCALED = {"ha_enabled": True, "ha_enable_redis": False, "ha_litellm_max_replicas": 6}


def replicas(site):
    (gateway,) = site.list("apps/v1", "Deployment", "litemaas")
    return gateway["spec"]["replicas"]


def writes(site, *resources):
    """What was written since the last question, in order: the resources, without repetitions."""
    found = [
        one["resource"]
        for one in sorted(site.fake.request_log(), key=lambda entry: entry["started"])
        if one["verb"] in ("apply", "create", "delete", "patch") and one["resource"] in resources
    ]
    site.fake.forget_requests()
    return [one for number, one in enumerate(found) if number == 0 or found[number - 1] != one]


@pytest.mark.timeout(300)  # several plays
def test_who_switches_backups_off_keeps_those_that_there_are(site):
    play = site.play(**BACKUP)
    assert play.code == 0, play.failure
    assert site.names("batch/v1", "CronJob", "litemaas") == {"litemaas-backup"}
    assert site.play(**BACKUP).changed == 0
    assert site.play().code == 0
    assert site.names("batch/v1", "CronJob", "litemaas") == set()
    assert "litemaas-backups" in site.names("v1", "PersistentVolumeClaim", "litemaas")


def test_backups_to_s3_need_no_volume_and_keep_the_keys_in_a_secret(site):
    s3 = {"backup_s3_url": "s3://bucket", "backup_s3_image": "example/aws", "backup_s3_secret_key": "of-the-bucket"}
    play = site.play(**BACKUP, **s3, backup_s3_access_key="AKIA")
    assert play.code == 0, play.failure
    assert site.secret("backup-s3-secret") == {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "of-the-bucket"}
    assert "litemaas-backups" not in site.names("v1", "PersistentVolumeClaim", "litemaas")
    assert "of-the-bucket" not in play.output


@pytest.mark.timeout(300)  # several plays
def test_a_restore_runs_while_nothing_writes_and_then_everything_starts_again(site):
    site.play(**BACKUP)
    writes(site)
    play = site.play(**BACKUP, restore="latest")
    assert play.code == 0, play.failure
    assert writes(site, "deployments.apps", "jobs.batch") == ["deployments.apps", "jobs.batch", "deployments.apps"]
    assert replicas(site) == 1
    (job,) = site.list("batch/v1", "Job", "litemaas")
    assert job["status"]["succeeded"] == 1
    assert site.play(**BACKUP).changed == 0


def test_a_restore_that_fails_is_told_and_the_gateway_serves_again(site):
    site.play(**BACKUP)
    site.fake.roll_out("Fails", name="litemaas-restore-*", message="pg_restore: error: could not open input file")
    play = site.play(**BACKUP, restore="litemaas-20260101T020000Z.dump")
    assert play.code != 0
    assert "container restore ended with code" in play.last["msg"]
    assert "pg_restore: error: could not open input file" in play.last["msg"]
    assert replicas(site) == 1


def test_removal_from_a_namespace_of_somebody_else_s_takes_dumps_and_restores_along(site):
    site.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "litemaas"}})
    play = site.play(**BACKUP, restore="latest")
    assert play.code == 0, play.failure
    assert site.play(remove=True).code == 0
    for api_version, kind in (("batch/v1", "CronJob"), ("batch/v1", "Job"), ("v1", "PersistentVolumeClaim")):
        assert site.names(api_version, kind, "litemaas") == set()


WRONG = {
    "backup_schedule": ("daily", "must be a schedule of five fields"),
    "restore": ("../other", "must be latest or the name of a dump"),
    "backup_s3_url": ("https://bucket", "must be like s3://bucket/folder"),
    "ha_litellm_max_replicas": (2, "must be larger than ocp4_workload_litemaas_ha_litellm_replicas"),
}


def test_options_that_cannot_be_are_refused_with_all_their_sentences(site):
    play = site.play(ha_enabled=True, **{name: value for name, (value, _sentence) in WRONG.items()})
    assert play.code != 0
    assert [sentence for _value, sentence in WRONG.values() if sentence not in play.last["msg"]] == []
    assert site.namespaces() == set()


@pytest.mark.timeout(300)  # several plays
def test_the_autoscalers_replicas_are_left_to_it(site):
    play = site.play(**AUTOSCALED)
    assert play.code == 0, play.failure
    assert replicas(site) == 2
    assert site.play(**AUTOSCALED).changed == 0
    with config.new_client_from_config(site.kubeconfig) as api:
        scale = {"spec": {"replicas": 5}}
        client.AppsV1Api(api).patch_namespaced_deployment_scale("litellm", "litemaas", scale, field_manager="hpa")
    play = site.play(**AUTOSCALED)
    assert play.changed == 0
    assert replicas(site) == 5
    assert site.play(ha_enabled=True, ha_enable_redis=False).code == 0
    assert replicas(site) == 2
    assert site.names("autoscaling/v2", "HorizontalPodAutoscaler", "litemaas") == set()


def definition(kind):
    plural = f"{kind.lower()}s"
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.monitoring.coreos.com"},
        "spec": {
            "group": "monitoring.coreos.com",
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural},
            "versions": [version],
        },
    }


@pytest.mark.parametrize("allowed", [True, False])
def test_prometheus_is_told_where_it_can_be(site, allowed):
    for kind in ("ServiceMonitor", "PrometheusRule"):
        site.create(definition(kind))
    if not allowed:
        site.fake.deny(verb="create", resource="servicemonitors")
    play = site.play()
    assert play.code == 0, play.failure
    for kind in ("ServiceMonitor", "PrometheusRule"):
        assert site.names("monitoring.coreos.com/v1", kind, "litemaas") == ({"litemaas"} if allowed else set())
    assert ("litemaas-dashboard" in site.names("v1", "ConfigMap", "litemaas")) is allowed


def test_upstream_litellm_is_deployed_without_a_build(site):
    play = site.play(image="", litellm_image="ghcr.io/berriai/litellm-non_root:main-stable")
    assert play.code == 0, play.failure
    assert site.names("apps/v1", "Deployment", "litemaas") == {"litellm"}
    assert site.names("build.openshift.io/v1", "BuildConfig") == set()


def test_upstream_litellm_has_no_login_for_people(site):
    play = site.play(litellm_image="example/litellm", oauth_enabled=True)
    assert "there is only LiteLLM's own admin UI" in play.last["msg"]
