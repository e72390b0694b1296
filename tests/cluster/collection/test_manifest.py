import pytest
from ansible_collections.rhpds.litemaas.plugins.module_utils import inventory, manifest
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ClusterError

TEXT = """
---
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: litellm, namespace: a}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm, namespace: a}
---

---
apiVersion: v1
kind: Namespace
metadata: {name: a}
"""


def test_manifests_are_ordered_so_that_what_others_need_comes_first():
    assert [one["kind"] for one in manifest.read(TEXT)] == ["Namespace", "Deployment", "Route"]


def test_a_namespace_belongs_to_itself():
    assert list(manifest.by_namespace(manifest.read(TEXT))) == ["a"]


@pytest.mark.parametrize("text", ["a: [", "just text", "kind: Deployment"])
def test_what_is_no_manifest_is_refused(text):
    with pytest.raises(ClusterError):
        manifest.read(text)


def test_marking_keeps_other_labels():
    one = {"metadata": {"labels": {"app": "litellm"}}}
    manifest.mark(one, "rhpds.litemaas")
    assert one["metadata"]["labels"] == {"app": "litellm", "app.kubernetes.io/managed-by": "rhpds.litemaas"}


def test_an_inventory_reads_back_what_it_lists():
    lines = inventory.lines_of(manifest.read(TEXT))
    assert lines == {"apps/v1 Deployment litellm", "route.openshift.io/v1 Route litellm"}
    assert inventory.read(inventory.build("litemaas-inventory", "a", lines)) == lines


def test_an_inventory_that_somebody_edited_gives_only_whole_lines():
    assert inventory.read({"data": {"objects": "nonsense\napps/v1 Deployment litellm\n"}}) == {
        "apps/v1 Deployment litellm"
    }
