"""What the templates make of each mode: valid, restricted, no larger than the seeds, under the documented names."""

import re
from collections import Counter

import kubernetes_validate
import pytest
from ansible_collections.rhpds.litemaas.plugins.module_utils import instances
from collection_support import IMAGE, render

DOMAIN = "apps.cluster.example"
SINGLE = [instances.single("litemaas", DOMAIN, "rhpds")]
LAB = instances.lab("user", 1, DOMAIN, "rhpds")

MODES = {
    "single": (SINGLE, {}),
    "oauth": (SINGLE, {"oauth_enabled": True}),
    "google": (SINGLE, {"oauth_enabled": True, "oauth_provider": "google", "oauth_client_secret": "x"}),
    "lab": (LAB, {"multi_user": True}),
    "lab-oauth": (LAB, {"multi_user": True, "oauth_enabled": True}),
    "ha": (SINGLE, {"ha_enabled": True, "oauth_enabled": True, "ha_litellm_replicas": 3}),
    "external": (SINGLE, {"ha_enabled": True, "ha_enable_postgres": False, "database_url": "postgresql://u:p@db/x"}),
    "kubernetes": (SINGLE, {"routes": False, "oauth_enabled": True, "deploy_redis": True}),
}

# Requests and limits that the seeds state for each mode: CPU in millicores, memory in MiB, storage in GiB.
SEEDS = {
    "single": {"cpu": (700, 2000), "memory": (1024, 2048), "storage": 10},
    "lab": {"cpu": (300, 1000), "memory": (768, 1536), "storage": 10},
    "lab-oauth": {"cpu": (450, 1450), "memory": (1152, 2252), "storage": 10},
    "ha": {"cpu": (3000, 5000), "memory": (4096, 6144), "storage": 15},
}


@pytest.fixture(scope="module", params=MODES)
def mode(request):
    return request.param


@pytest.fixture(scope="module")
def manifests(mode, tmp_path_factory):
    layout, variables = MODES[mode]
    return render(tmp_path_factory.mktemp(mode), layout, **variables)


def pods(manifests):
    return [one["spec"]["template"]["spec"] for one in manifests if one["kind"] in ("Deployment", "StatefulSet")]


def containers(pod):
    return pod.get("initContainers", []) + pod["containers"]


def names(manifests, kind):
    return {one["metadata"]["name"] for one in manifests if one["kind"] == kind}


@pytest.mark.parametrize("version", ["1.25", "1.31", "1.37"])
def test_every_manifest_is_valid_on_old_and_new_kubernetes(manifests, version):
    for manifest in manifests:
        if manifest["kind"] != "Route":  # an OpenShift kind, held against its definition by the fake cluster
            kubernetes_validate.validate(manifest, version, strict=True)


def test_no_object_is_rendered_twice(manifests):
    counted = Counter((one["kind"], one["metadata"]["name"]) for one in manifests)
    assert [name for name, times in counted.items() if times > 1] == []


def test_pods_meet_the_restricted_standard_with_a_read_only_root(manifests):
    for pod in pods(manifests):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        for container in containers(pod):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
            }


def test_openshift_assigns_the_user_and_kubernetes_is_told_one(manifests, mode):
    for pod in pods(manifests):
        assert ("runAsUser" in pod["securityContext"]) == (mode == "kubernetes")


def test_every_container_states_requests_limits_and_every_mount_has_a_volume(manifests):
    for one in manifests:
        if one["kind"] not in ("Deployment", "StatefulSet"):
            continue
        pod = one["spec"]["template"]["spec"]
        volumes = {volume["name"] for volume in pod.get("volumes", [])}
        volumes |= {claim["metadata"]["name"] for claim in one["spec"].get("volumeClaimTemplates", [])}
        for container in containers(pod):
            assert set(container["resources"]["requests"]) == set(container["resources"]["limits"]) == {"cpu", "memory"}
            assert {mount["name"] for mount in container["volumeMounts"]} <= volumes


def test_long_running_containers_are_probed(manifests):
    for pod in pods(manifests):
        for container in pod["containers"]:
            assert {"readinessProbe", "livenessProbe"} <= container.keys()


def test_metrics_can_be_scraped_and_open_streams_end_before_the_pod_is_killed(manifests):
    for pod in pods(manifests):
        for container in pod["containers"]:
            environment = {one["name"]: one.get("value") for one in container.get("env", [])}
            if "LITEMAAS_METRICS_PORT" in environment:
                assert environment["LITEMAAS_METRICS_HOST"] == "0.0.0.0"
                assert environment["LITEMAAS_FORWARDED_HOPS"] == "1"
                assert int(environment["LITEMAAS_DRAIN_SECONDS"]) + 5 < pod["terminationGracePeriodSeconds"]


def test_no_secret_stands_in_a_manifest(manifests):
    text = str(manifests)
    assert "postgresql://u:p@" not in text
    assert names(manifests, "Secret") == set()
    for pod in pods(manifests):
        for container in containers(pod):
            for variable in container.get("env", []):
                if re.search(r"PASSWORD|SECRET|_KEY$|CLIENT_SECRET", variable["name"]):
                    assert "secretKeyRef" in variable.get("valueFrom", {}), variable["name"]


def test_a_variable_that_a_value_refers_to_stands_before_it(manifests):
    for pod in pods(manifests):
        for container in containers(pod):
            seen = set()
            for variable in container.get("env", []):
                assert set(re.findall(r"\$\((\w+)\)", variable.get("value", ""))) <= seen
                seen.add(variable["name"])


def test_requests_and_limits_do_not_exceed_the_seeds(manifests, mode):
    if mode not in SEEDS:
        pytest.skip("the seeds state no size for this mode")
    sums = totals(manifests)
    for resource in ("cpu", "memory"):
        request, limit = SEEDS[mode][resource]
        assert sums[resource, "requests"] <= request
        assert sums[resource, "limits"] <= limit
    assert sums["storage"] <= SEEDS[mode]["storage"]


def test_a_lab_user_with_oauth_requests_at_most_512_mebibytes_and_250_millicores(manifests, mode):
    if mode != "lab-oauth":
        pytest.skip("about lab users with OAuth")
    sums = totals(manifests)
    assert sums["memory", "requests"] <= 512
    assert sums["cpu", "requests"] <= 250


def totals(manifests):
    sums = Counter()
    for one in manifests:
        if one["kind"] not in ("Deployment", "StatefulSet"):
            continue
        for container in one["spec"]["template"]["spec"]["containers"]:
            for kind in ("requests", "limits"):
                resources = container["resources"][kind]
                sums["cpu", kind] += one["spec"]["replicas"] * millicores(resources["cpu"])
                sums["memory", kind] += one["spec"]["replicas"] * mebibytes(resources["memory"])
        for claim in one["spec"].get("volumeClaimTemplates", []):
            sums["storage"] += mebibytes(claim["spec"]["resources"]["requests"]["storage"]) / 1024
    return sums


def millicores(quantity):
    return int(quantity[:-1]) if quantity.endswith("m") else int(quantity) * 1000


def mebibytes(quantity):
    return int(quantity[:-2]) * {"Mi": 1, "Gi": 1024}[quantity[-2:]]


def test_the_version_is_the_tag_of_an_image_without_one(manifests):
    images = {container["image"] for pod in pods(manifests) for container in containers(pod)}
    assert f"{IMAGE}:0.2.0" in images


EXPECTED = {
    "single": ({"litellm"}, {"postgres"}),
    "oauth": ({"litellm", "litemaas-backend", "litemaas-frontend"}, {"postgres"}),
    "google": ({"litellm", "litemaas-backend", "litemaas-frontend"}, {"postgres"}),
    "lab": ({"litellm"}, {"postgres"}),
    "lab-oauth": ({"litellm", "litemaas-backend", "litemaas-frontend"}, {"postgres"}),
    "ha": ({"litellm", "litemaas-backend", "litemaas-frontend"}, {"postgres", "litemaas-redis"}),
    "external": ({"litellm"}, {"litemaas-redis"}),
    "kubernetes": ({"litellm", "litemaas-backend", "litemaas-frontend"}, {"postgres", "litemaas-redis"}),
}


def test_each_mode_has_its_components(manifests, mode):
    deployments, stateful_sets = EXPECTED[mode]
    assert names(manifests, "Deployment") == deployments
    assert names(manifests, "StatefulSet") == stateful_sets


def test_routes_have_the_documented_names_hosts_and_targets(manifests, mode):
    routes = {
        one["metadata"]["name"]: (one["spec"]["host"], one["spec"].get("path"), one["spec"]["to"]["name"])
        for one in manifests
        if one["kind"] == "Route"
    }
    if mode == "kubernetes":
        assert routes == {}
        return
    user = "-user1" if mode.startswith("lab") else ""
    api = "litellm-user1-rhpds" if user else "litellm-rhpds"
    expected = {
        "litemaas": (f"litellm-admin{user}.{DOMAIN}", None, "litellm"),
        "litellm": (f"{api}.{DOMAIN}", None, "litellm"),
    }
    if "litemaas-backend" in EXPECTED[mode][0]:
        expected |= {
            "litemaas-frontend": (f"litellm-frontend{user}.{DOMAIN}", None, "litemaas-frontend"),
            "litemaas-backend": (f"litellm-frontend{user}.{DOMAIN}", "/api", "litemaas-backend"),
            "litemaas-backend-admin": (f"litellm-admin{user}.{DOMAIN}", "/api", "litemaas-backend"),
        }
    assert routes == expected


def test_the_database_is_where_the_documented_commands_look_for_it(manifests, mode):
    if mode == "external":
        pytest.skip("there is no database to look for")
    (database,) = [one for one in manifests if one["kind"] == "StatefulSet" and one["metadata"]["name"] == "postgres"]
    template = database["spec"]["template"]
    assert template["metadata"]["labels"]["app"] == "litemaas-postgres"
    environment = {one["name"]: one.get("value") for one in template["spec"]["containers"][0]["env"]}
    assert environment["POSTGRES_USER"] == environment["POSTGRES_DB"] == "litemaas"
    assert "postgres" in names(manifests, "Service")


def test_gateway_and_backend_wait_for_the_database_and_migrate_first(manifests):
    for one in manifests:
        if one["kind"] == "Deployment" and one["metadata"]["name"] in ("litellm", "litemaas-backend"):
            initial = [container["name"] for container in one["spec"]["template"]["spec"]["initContainers"]]
            assert initial == ["wait-for-database", "run-migrations"]


def test_high_availability_has_replicas_budgets_and_spreading(manifests, mode):
    if mode != "ha":
        pytest.skip("about high availability")
    replicas = {one["metadata"]["name"]: one["spec"]["replicas"] for one in manifests if one["kind"] == "Deployment"}
    assert replicas == {"litellm": 3, "litemaas-backend": 2, "litemaas-frontend": 2}
    assert names(manifests, "PodDisruptionBudget") == {"litellm", "litemaas-backend"}
    for one in manifests:
        if one["kind"] == "Deployment":
            spread = one["spec"]["template"]["spec"]["topologySpreadConstraints"]
            assert {each["labelSelector"]["matchLabels"]["app"] for each in spread} == {one["metadata"]["name"]}


def test_a_full_redis_drops_answers_only_and_keeps_half_of_its_memory_to_write_its_file(manifests, mode):
    for redis in [
        one for one in manifests if one["kind"] == "StatefulSet" and one["metadata"]["name"] == "litemaas-redis"
    ]:
        (container,) = redis["spec"]["template"]["spec"]["containers"]
        said = dict(line.split(maxsplit=1) for line in container["command"][-1].splitlines()[1:-1])
        assert said["maxmemory-policy"] == "volatile-lru"
        assert int(said["maxmemory"]) == 512 * 1024**2 / 2
        assert container["resources"]["limits"]["memory"] == "512Mi"
