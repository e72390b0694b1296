"""What a real server refuses beyond the schema, one broken manifest each."""

import pytest

from cluster.manifests import config_map, deployment, pod_template, refused, service, stateful_set

VOLUME = {"name": "data", "emptyDir": {}}
CRON_JOBS = pytest.mark.since("1.21", "CronJobs in batch/v1")


def created(dynamic, namespace, manifest):
    """Create an object of any kind by the dynamic client."""
    manifest.setdefault("apiVersion", "v1")
    manifest.setdefault("kind", "ConfigMap")
    resource = dynamic.resources.get(api_version=manifest["apiVersion"], kind=manifest["kind"])
    return resource.create(manifest, namespace=namespace)


def with_spec(manifest, **spec):
    manifest["spec"] |= spec
    return manifest


def with_pod(manifest, **spec):
    manifest["spec"]["template"]["spec"] |= spec
    return manifest


def job(restart_policy):
    template = pod_template("once")
    template["spec"]["restartPolicy"] = restart_policy
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "once"}, "spec": {"template": template}}


def cron_job(schedule, restart_policy="Never"):
    spec = {"schedule": schedule, "jobTemplate": {"spec": job(restart_policy)["spec"]}}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "nightly"}, "spec": spec}


def claim(**spec):
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"}, "spec": spec}


def disruption_budget(**spec):
    spec["selector"] = {"matchLabels": {"app": "web"}}
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "web"}, "spec": spec}


def labelled(**labels):
    manifest = config_map("one")
    manifest["metadata"]["labels"] = labels
    return manifest


@pytest.mark.parametrize(
    ("manifest", "path"),
    [
        (labelled(tier="not valid"), "metadata.labels"),
        (labelled(**{"not valid": "x"}), "metadata.labels"),
        (config_map("one", **{"not valid": "x"}), "data[not valid]"),
        (with_spec(service("web"), ports=[]), "spec.ports"),
        (with_spec(service("web"), ports=[{"port": 80}, {"port": 81}]), "spec.ports[0].name"),
        (service("1web"), "metadata.name"),
        (with_spec(deployment("web"), selector={}), "spec.selector"),
        (with_pod(deployment("web"), containers=[]), "spec.template.spec.containers"),
        (with_pod(deployment("web"), volumes=[VOLUME, VOLUME]), "spec.template.spec.volumes[1].name"),
        (with_pod(deployment("web"), volumes=[{"name": "Bad", "emptyDir": {}}]), "spec.template.spec.volumes[0].name"),
        (
            with_pod(deployment("web"), volumes=[{**VOLUME, "configMap": {"name": "one"}}]),
            "spec.template.spec.volumes[0]",
        ),
        (deployment("web", image=""), "containers[0].image"),
        (deployment("web", name="Bad"), "containers[0].name"),
        (deployment("web", ports=[{"containerPort": 0}]), "ports[0].containerPort"),
        (deployment("web", ports=[{"containerPort": 80, "name": "much-too-long-a-name"}]), "ports[0].name"),
        (deployment("web", readinessProbe={"periodSeconds": 1}), "readinessProbe"),
        (
            deployment(
                "web", env=[{"name": "A", "value": "1", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}]
            ),
            "env[0].valueFrom",
        ),
        (job("Always"), "spec.template.spec.restartPolicy"),
        pytest.param(cron_job("daily, please"), "spec.schedule", marks=CRON_JOBS),
        pytest.param(
            cron_job("0 3 * * *", "Always"), "spec.jobTemplate.spec.template.spec.restartPolicy", marks=CRON_JOBS
        ),
        (claim(resources={"requests": {"storage": "1Gi"}}), "spec.accessModes"),
        (claim(accessModes=["ReadWriteOnce"]), "spec.resources[storage]"),
        pytest.param(
            disruption_budget(minAvailable=1, maxUnavailable=1),
            "spec",
            marks=pytest.mark.since("1.21", "policy/v1"),
        ),
    ],
)
def test_a_broken_object_is_invalid_at_the_field_that_breaks_it(dynamic, namespace, manifest, path):
    with refused(422, path):
        created(dynamic, namespace, manifest)


@pytest.mark.parametrize(
    ("manifest", "change", "path"),
    [
        (deployment("web"), {"spec": {"selector": {"matchLabels": {"more": "x"}}}}, "spec.selector"),
        (service("web"), {"spec": {"clusterIP": "172.30.255.1", "clusterIPs": ["172.30.255.1"]}}, "spec.clusterIP"),
        (
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "type": "Opaque"},
            {"type": "example.com/other"},
            "type",
        ),
        (
            claim(accessModes=["ReadWriteOnce"], resources={"requests": {"storage": "1Gi"}}),
            {"spec": {"accessModes": ["ReadWriteMany"]}},
            "spec",
        ),
        ({**config_map("one", a="1"), "immutable": True}, {"data": {"a": "2"}}, "data"),
        (
            {
                "apiVersion": "rbac.authorization.k8s.io/v1",
                "kind": "RoleBinding",
                "metadata": {"name": "pull"},
                "roleRef": {
                    "apiGroup": "rbac.authorization.k8s.io",
                    "kind": "ClusterRole",
                    "name": "system:image-puller",
                },
                "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": "default"}],
            },
            {"roleRef": {"name": "admin"}},
            "roleRef",
        ),
        (job("Never"), {"spec": {"template": {"metadata": {"annotations": {"a": "b"}}}}}, "spec.template"),
    ],
)
def test_an_immutable_field_stays(dynamic, namespace, manifest, change, path):
    name = manifest["metadata"]["name"]
    created(dynamic, namespace, manifest)
    resource = dynamic.resources.get(api_version=manifest["apiVersion"], kind=manifest["kind"])

    with refused(422, f'"field":"{path}'):
        resource.patch(change, name=name, namespace=namespace, content_type="application/merge-patch+json")


def test_a_selector_of_expressions_must_match_the_template_too(deployments, namespace):
    expressions = [
        {"key": "app", "operator": "In", "values": ["web"]},
        {"key": "app", "operator": "Exists"},
        {"key": "tier", "operator": "NotIn", "values": ["db"]},
        {"key": "tier", "operator": "DoesNotExist"},
    ]
    matching = with_spec(deployment("web"), selector={"matchExpressions": expressions})

    assert deployments.create(matching, namespace=namespace)
    other = with_spec(
        deployment("web"), selector={"matchExpressions": [{"key": "app", "operator": "In", "values": ["db"]}]}
    )
    other["metadata"]["name"] = "other"
    with refused(422, "`selector` does not match template `labels`"):
        deployments.create(other, namespace=namespace)


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (
            with_spec(deployment("web"), strategy={"type": "Recreate"}),
            {"strategy": {"type": "Recreate"}, "revisionHistoryLimit": 10},
        ),
        (
            stateful_set("db"),
            {
                "podManagementPolicy": "OrderedReady",
                "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
            },
        ),
        (job("Never"), {"completions": 1, "parallelism": 1, "backoffLimit": 6}),
        pytest.param(job("Never"), {"suspend": False}, marks=pytest.mark.since("1.21", "suspended Jobs")),
        pytest.param(
            cron_job("@daily"),
            {"concurrencyPolicy": "Allow", "suspend": False, "failedJobsHistoryLimit": 1},
            marks=CRON_JOBS,
        ),
        (
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": {"name": "closed"},
                "spec": {"podSelector": {}, "ingress": [{"ports": [{"port": 80}]}]},
            },
            {"policyTypes": ["Ingress"], "ingress": [{"ports": [{"port": 80, "protocol": "TCP"}]}]},
        ),
        (service("web"), {"type": "ClusterIP", "sessionAffinity": "None"}),
        pytest.param(
            service("web"),
            {"ipFamilyPolicy": "SingleStack"},
            marks=pytest.mark.since("1.21", "the addresses' families of Services"),
        ),
    ],
)
def test_a_spec_is_completed_with_the_server_s_defaults(dynamic, namespace, manifest, expected):
    spec = created(dynamic, namespace, manifest).to_dict()["spec"]

    assert {name: spec[name] for name in expected} == expected


def test_a_pod_template_is_completed_with_the_server_s_defaults(deployments, namespace):
    manifest = deployment(
        "web",
        image="registry.example.com/web",
        livenessProbe={"httpGet": {"port": "http"}},
        env=[{"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
    )
    tokens = [{"serviceAccountToken": {"path": "token"}}]
    manifest["spec"]["template"]["spec"] |= {
        "serviceAccountName": "default",
        "volumes": [
            {"name": "secret", "secret": {"secretName": "s"}},
            {"name": "tokens", "projected": {"sources": tokens}},
            {"name": "bare"},
        ],
    }

    spec = deployments.create(manifest, namespace=namespace).to_dict()["spec"]["template"]["spec"]

    container = spec["containers"][0]
    assert container["imagePullPolicy"] == "Always"
    assert container["livenessProbe"]["httpGet"] == {"port": "http", "path": "/", "scheme": "HTTP"}
    assert container["livenessProbe"]["failureThreshold"] == 3
    assert container["env"][0]["valueFrom"]["fieldRef"]["apiVersion"] == "v1"
    assert spec["serviceAccount"] == "default"
    assert spec["volumes"] == [
        {"name": "secret", "secret": {"secretName": "s", "defaultMode": 420}},
        {
            "name": "tokens",
            "projected": {
                "defaultMode": 420,
                "sources": [{"serviceAccountToken": {"path": "token", "expirationSeconds": 3600}}],
            },
        },
        {"name": "bare", "emptyDir": {}},
    ]
