"""Every pod of every mode, held to what clusters let in: PodSecurity `restricted`, and OpenShift's restricted-v2.

That the programs also run so, under a user of the namespace's range and on a read-only root, `test_deployed.py` shows.
"""

import re

import pytest
from ansible_collections.rhpds.litemaas.plugins.module_utils import instances
from collection_support import ROLE, render

from cluster.fake import pod_security, security_contexts

DOMAIN = "apps.cluster.example"
SINGLE = [instances.single("litemaas", DOMAIN, "rhpds")]
S3 = {"backup_s3_url": "s3://backups/litemaas", "backup_s3_image": "registry.example.com/aws-cli:2"}
OPENSHIFT = {
    "single": (SINGLE, {"backup_enabled": True, "restore": "latest"}),
    "lab": (instances.lab("user", 1, DOMAIN, "rhpds"), {"multi_user": True, "oauth_enabled": True}),
    "ha": (SINGLE, {"ha_enabled": True, "oauth_enabled": True, "backup_enabled": True, "restore": "latest", **S3}),
    "upstream": (SINGLE, {"litellm_image": "registry.example.com/litellm:1"}),
}
KUBERNETES = (SINGLE, {"routes": False, "backup_enabled": True, "restore": "latest", "deploy_redis": True})
NAMESPACE = {"metadata": {"annotations": {security_contexts.UID_RANGE: "1000700000/10000"}}}
WORKLOADS = ("Deployment", "StatefulSet", "CronJob", "Job")


def pods(value, name=""):
    """Finds the pods' specs in manifests, wherever they stand, each with its workload's name."""
    if isinstance(value, list):
        for one in value:
            yield from pods(one, name)
    elif isinstance(value, dict):
        name = name or (f"{value['kind']} {value['metadata']['name']}" if "kind" in value else "")
        if "containers" in value:
            yield name, value
        else:
            for one in value.values():
                yield from pods(one, name)


@pytest.fixture(scope="module")
def on_openshift(tmp_path_factory):
    """The pods of each mode on OpenShift."""
    return {
        mode: list(pods(render(tmp_path_factory.mktemp(mode), layout, **variables)))
        for mode, (layout, variables) in OPENSHIFT.items()
    }


def test_the_modes_here_have_every_workload_that_there_is(on_openshift):
    templates = "\n---\n".join(path.read_text() for path in (ROLE / "templates").glob("*.yaml.j2"))
    stated = re.findall(rf"^kind: ({'|'.join(WORKLOADS)})\nmetadata:\n  name: ([\w-]+)$", templates, re.MULTILINE)
    named = {f"{kind} {name}" for kind, name in stated}
    assert named <= {name for found in on_openshift.values() for name, _spec in found}


def test_every_pod_passes_the_restricted_standard(on_openshift, tmp_path):
    layout, variables = KUBERNETES
    everywhere = {**on_openshift, "kubernetes": list(pods(render(tmp_path, layout, **variables)))}
    for mode, found in everywhere.items():
        for name, spec in found:
            assert pod_security.violations(spec, "restricted") == [], f"{mode}: {name}"


def test_every_pod_runs_as_whatever_user_openshift_gives_it(on_openshift):
    for mode, found in on_openshift.items():
        for name, spec in found:
            assert security_contexts.refusals(spec, NAMESPACE) == [], f"{mode}: {name}"
            for container in pod_security.containers_of(spec):
                assert "runAsUser" not in container["securityContext"], f"{mode}: {name}"
