"""The guides name what exists: variables, playbooks, files, headings, objects of a deployment with OAuth."""

import re

import pytest
import yaml
from ansible_collections.rhpds.litemaas.plugins.module_utils import instances
from collection_support import ROLE, ROOT, render

GUIDES = [
    ROOT / "docs" / f"{name}.md"
    for name in (
        "ADDING_MODELS",
        "BACKUP_AND_RESTORE",
        "HA_DEPLOYMENT",
        "OAUTH_LOGIN",
        "OPENSHIFT_AI_INTEGRATION",
        "TROUBLESHOOTING",
    )
]
PAGES = [*GUIDES, ROLE / "README.md"]
DEFAULTS = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text())


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    """Manifests of a highly available instance with OAuth, by kind and name."""
    one = instances.single("litemaas", "apps.cluster.example", "rhpds")
    manifests = render(
        tmp_path_factory.mktemp("rendered"), [one], oauth_enabled=True, ha_enabled=True, restore="latest"
    )
    return {(manifest["kind"], manifest["metadata"]["name"]): manifest for manifest in manifests}


def headings(path):
    """The anchors of a page, as GitHub makes them."""
    found = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_variable_in_a_guide_exists(page):
    named = set(re.findall(r"ocp4_workload_litemaas_\w+", page.read_text()))
    assert {name for name in named if name not in DEFAULTS} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_playbook_in_a_guide_leads_somewhere(page):
    text = page.read_text()
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _hash, anchor = target.partition("#")
        leads_to = page.parent / path if path else page
        assert leads_to.exists(), target
        assert not anchor or anchor in headings(leads_to), target
    for playbook in re.findall(r"playbooks/\w+\.yml", text):
        assert (ROOT / playbook).exists(), playbook


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_every_object_in_a_guide_s_commands_is_deployed(page, deployed):
    text = page.read_text()
    for name, container in re.findall(r"deployment/([\w-]+)(?:[^\n]*? -c ([a-z][\w-]+))?", text):
        pod = deployed[("Deployment", name)]["spec"]["template"]["spec"]
        containers = {one["name"] for one in [*pod["initContainers"], *pod["containers"]]}
        assert not container or container in containers, container
    for name in re.findall(r"oc get route (\w[\w-]*)", text):
        assert ("Route", name) in deployed
    for label, value in re.findall(r"-l (\w+)=([\w-]+)", text):
        assert [one for one in deployed.values() if one["metadata"].get("labels", {}).get(label) == value]
    assert "postgres-0" not in text or ("StatefulSet", "postgres") in deployed
