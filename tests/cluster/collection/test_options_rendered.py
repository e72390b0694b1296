"""What the templates make of the options beside the modes: backups, autoscaling, monitoring, upstream LiteLLM."""

import kubernetes_validate
import pytest
from ansible_collections.rhpds.litemaas.plugins.module_utils import instances
from collection_support import render

SINGLE = [instances.single("litemaas", "apps.cluster.example", "rhpds")]
EXTERNAL = {
    "ha_enabled": True,
    "ha_enable_postgres": False,
    "database_url": "postgresql://u:p@db.example/x?sslmode=require",
}
S3 = {
    "backup_s3_url": "s3://bucket/litemaas/",
    "backup_s3_image": "registry.example/aws-cli:2",
    "backup_s3_endpoint": "https://s3.openshift-storage.svc",
    "backup_s3_access_key": "AKIA-of-the-tests",
    "backup_s3_secret_key": "secret-of-the-bucket",
}
OPTIONS = {
    "backup": {"backup_enabled": True, "restore": "latest"},
    "backup-s3": {
        "backup_enabled": True,
        "restore": "litemaas-20261122T020000Z.dump",
        **S3,
        "image_pull_secret": "pull",
    },
    "backup-external": {"backup_enabled": True, **EXTERNAL, "routes": False},
    "autoscaled": {"ha_enabled": True, "ha_litellm_max_replicas": 6, "monitoring_kinds": True},
    "traced": {
        "oauth_enabled": True,
        "discover_from_ui": True,
        "otlp_endpoint": "https://collector.tracing.svc:4318",
        "otlp_headers": "api-key=of-the-receiver",
    },
    "litellm": {"litellm_image": "registry.example/litellm:1", "deploy_redis": True},
    "litellm-external": {"litellm_image": "registry.example/litellm:1", **EXTERNAL},
}
ALERTS = """
groups:
  - name: litemaas
    rules:
      - alert: JournalFull
        expr: up{job="litemaas"} == 0
        annotations: {summary: "{{ $labels.pod }} says no"}
"""
DASHBOARD = '{"title": "LiteMaaS", "legend": "{{model}}"}'
CUSTOM = {"Route", "ServiceMonitor", "PrometheusRule"}


@pytest.fixture(scope="module", params=OPTIONS)
def option(request):
    return request.param


@pytest.fixture(scope="module")
def manifests(option, tmp_path_factory):
    """By kind and name; a restore's Job, whose name is new each time, under its kind alone."""
    folder = tmp_path_factory.mktemp(option)
    (folder / "alerts.yml").write_text(ALERTS)
    (folder / "grafana-dashboard.json").write_text(DASHBOARD)
    found = render(folder, SINGLE, **OPTIONS[option])
    return {one["kind"] if one["kind"] == "Job" else (one["kind"], one["metadata"]["name"]): one for one in found}


def pod_of(manifest):
    spec = manifest["spec"]
    return (spec["jobTemplate"]["spec"] if manifest["kind"] == "CronJob" else spec)["template"]["spec"]


def containers(pod):
    return pod.get("initContainers", []) + pod["containers"]


def environment(container):
    return {one["name"]: one.get("value") for one in container["env"]}


@pytest.mark.parametrize("version", ["1.25", "1.37"])
def test_every_manifest_is_valid_on_old_and_new_kubernetes(manifests, version):
    for manifest in manifests.values():
        if manifest["kind"] not in CUSTOM:
            kubernetes_validate.validate(manifest, version, strict=True)


def test_no_secret_stands_in_a_manifest(manifests):
    assert not any(secret in str(manifests) for secret in ("u:p@", "AKIA", "secret-of-the-bucket"))


def test_jobs_meet_the_restricted_standard_and_reach_the_database(manifests, option):
    jobs = [one for one in manifests.values() if one["kind"] in ("CronJob", "Job")]
    assert len(jobs) == (2 if "restore" in OPTIONS[option] else option == "backup-external")
    for job in jobs:
        pod = pod_of(job)
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        volumes = {volume["name"] for volume in pod["volumes"]}
        for container in containers(pod):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
            }
            assert container["resources"]["limits"].keys() == {"cpu", "memory"}
            assert {mount["name"] for mount in container["volumeMounts"]} == volumes
        template = job["spec"].get("jobTemplate", job)["spec"]["template"]
        assert template["metadata"]["labels"]["litemaas.io/database-client"] == "true"


def test_dumps_go_to_a_volume_or_through_an_image_of_the_sites_to_s3(manifests, option):
    if not option.startswith("backup"):
        assert ("CronJob", "litemaas-backup") not in manifests
        return
    pod = pod_of(manifests["CronJob", "litemaas-backup"])
    if option != "backup-s3":
        assert pod["volumes"][0]["persistentVolumeClaim"] == {"claimName": "litemaas-backups"}
        assert [one["name"] for one in containers(pod)] == ["dump"]
        return
    assert "emptyDir" in pod["volumes"][0]
    dump, store = containers(pod)
    assert (dump["image"], store["image"]) == ("docker.io/library/postgres:16", "registry.example/aws-cli:2")
    said = environment(store)
    assert said["BUCKET_URL"] == "s3://bucket/litemaas"
    assert said["AWS_ENDPOINT_URL"] == "https://s3.openshift-storage.svc"
    assert said["AWS_CA_BUNDLE"] == "/etc/litemaas/authorities/ca-bundle.crt"
    assert [one["name"] for one in containers(pod_of(manifests["Job"]))] == ["fetch", "restore"]


def test_an_external_database_is_reached_by_a_service_file(manifests, option):
    if option != "backup-external":
        pytest.skip("about backups of an external database")
    pod = pod_of(manifests["CronJob", "litemaas-backup"])
    assert {"name": "database", "secret": {"secretName": "backup-database-secret"}} in pod["volumes"]
    said = environment(pod["containers"][0])
    assert (said["PGSERVICEFILE"], said["PGSERVICE"]) == ("/etc/litemaas/database/pg_service.conf", "litemaas")


def test_an_autoscaler_raises_the_gateway_and_prometheus_is_told(manifests, option):
    if option != "autoscaled":
        assert ("HorizontalPodAutoscaler", "litellm") not in manifests
        assert ("ServiceMonitor", "litemaas") not in manifests
        return
    scaler = manifests["HorizontalPodAutoscaler", "litellm"]["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 6)
    assert scaler["scaleTargetRef"]["name"] == "litellm"
    monitor = manifests["ServiceMonitor", "litemaas"]["spec"]
    ports = {
        port["name"]
        for one in manifests.values()
        if one["kind"] == "Service" and monitor["selector"]["matchLabels"].items() <= one["metadata"]["labels"].items()
        for port in one["spec"]["ports"]
    }
    assert monitor["endpoints"][0]["port"] in ports
    rules = manifests["PrometheusRule", "litemaas"]["spec"]["groups"][0]["rules"]
    assert rules[0]["annotations"]["summary"] == "{{ $labels.pod }} says no"
    dashboard = manifests["ConfigMap", "litemaas-dashboard"]
    assert dashboard["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert dashboard["data"]["litemaas.json"] == DASHBOARD


def test_upstream_litellm_has_the_gateways_place_and_a_schema_of_its_own(manifests, option):
    if not option.startswith("litellm"):
        pytest.skip("about upstream LiteLLM")
    assert {name for kind, name in manifests if kind == "Deployment"} == {"litellm"}
    assert {name for kind, name in manifests if kind == "Route"} == {"litellm", "litemaas"}
    pod = pod_of(manifests["Deployment", "litellm"])
    (litellm,) = pod["containers"]
    assert litellm["image"] == "registry.example/litellm:1"
    url = environment(litellm)["DATABASE_URL"]
    own = "postgresql://litemaas:$(POSTGRES_PASSWORD)@postgres:5432/litemaas?schema=litellm"
    assert url == (own if option == "litellm" else "$(EXTERNAL_DATABASE_URL)&schema=litellm")
    assert {"LITELLM_MASTER_KEY", "UI_USERNAME", "UI_PASSWORD", "LITELLM_SALT_KEY"} <= environment(litellm).keys()
    (service,) = [
        one for one in manifests.values() if one["kind"] == "Service" and one["metadata"]["name"] == "litellm"
    ]
    assert service["spec"]["ports"][0]["targetPort"] in {port["name"] for port in litellm["ports"]}


def test_traces_go_where_they_shall_with_headers_from_a_secret(manifests, option):
    for name in ("litellm", "litemaas-backend") if option == "traced" else ():
        (container,) = pod_of(manifests["Deployment", name])["containers"]
        variables = environment(container)
        assert variables["OTEL_EXPORTER_OTLP_ENDPOINT"] == "https://collector.tracing.svc:4318"
        assert variables["OTEL_RESOURCE_ATTRIBUTES"] == "k8s.namespace.name=litemaas"
        assert variables["OTEL_EXPORTER_OTLP_CERTIFICATE"] == "/etc/litemaas/authorities/ca-bundle.crt"
        assert variables["OTEL_EXPORTER_OTLP_HEADERS"] is None  # it is in the Secret


def test_only_who_looks_for_models_from_the_ui_may_ask_the_cluster(manifests, option):
    pods = [pod_of(one) for one in manifests.values() if one["kind"] == "Deployment"]
    asking = [pod for pod in pods if pod["automountServiceAccountToken"]]
    if option != "traced":
        assert not asking
        assert ("ClusterRole", "litemaas-discovery:litemaas") not in manifests
        return
    assert [pod["serviceAccountName"] for pod in asking] == ["litemaas-discovery"] * 2
    assert len(pods) == 3
    role = manifests["ClusterRole", "litemaas-discovery:litemaas"]
    assert {verb for rule in role["rules"] for verb in rule["verbs"]} == {"list"}
    (subject,) = manifests["ClusterRoleBinding", "litemaas-discovery:litemaas"]["subjects"]
    assert (subject["name"], subject["namespace"]) == ("litemaas-discovery", "litemaas")
    (container,) = asking[0]["containers"]
    assert environment(container)["LITEMAAS_OPENSHIFT_AI_SELECTOR"] == "litemaas.io/models=true"
