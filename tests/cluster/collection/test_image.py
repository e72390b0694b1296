"""The image is built in the cluster, once for the same source."""

import pytest
from ansible_collections.rhpds.litemaas.plugins.module_utils import source
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ClusterError

REGISTRY = "image-registry.openshift-image-registry.svc:5000"


@pytest.fixture
def checkout(tmp_path):
    """Enough of a source to be sent to a build."""
    folder = tmp_path / "checkout"
    for name in ("Containerfile", "pyproject.toml", "src/litemaas/__init__.py", "web/index.html"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def images(site, namespace):
    workloads = site.list("apps/v1", "Deployment", namespace)
    return {one["spec"]["template"]["spec"]["containers"][0]["image"] for one in workloads}


def test_what_tools_leave_behind_is_no_source(checkout):
    before = source.files(checkout)
    for name in (
        "web/node_modules/x.js",
        "web/dist/x.js",
        "src/litemaas/__pycache__/x.pyc",
        "src/.cache",
        "tests/test_x.py",
    ):
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    assert source.files(checkout) == before == sorted(before)
    assert "src/litemaas/__init__.py" in before


def test_the_same_files_give_the_same_bytes_and_others_another_tag(checkout):
    paths = source.files(checkout)
    first = source.digest(checkout, paths), source.archive(checkout, paths)
    (checkout / "pyproject.toml").touch()
    assert (source.digest(checkout, paths), source.archive(checkout, paths)) == first
    (checkout / "pyproject.toml").write_text("changed")
    assert source.digest(checkout, paths) != first[0]


def test_a_folder_without_a_containerfile_is_refused(tmp_path):
    with pytest.raises(ClusterError, match="set ocp4_workload_litemaas_image"):
        source.files(tmp_path)


def test_an_instance_builds_in_its_own_namespace_once_for_the_same_source(site, checkout):
    play = site.play(image="", image_source=str(checkout))
    assert play.code == 0, play.failure
    (image,) = images(site, "litemaas")
    assert image.startswith(f"{REGISTRY}/litemaas/litemaas@sha256:")
    assert site.play(image="", image_source=str(checkout)).changed == 0
    assert len(site.list("build.openshift.io/v1", "Build", "litemaas")) == 1
    (checkout / "pyproject.toml").write_text("changed")
    assert site.play(image="", image_source=str(checkout)).code == 0
    assert images(site, "litemaas") != {image}


def test_a_lab_builds_once_for_all_and_its_removal_takes_the_image_along(site, checkout):
    play = site.play(multi_user=True, num_users=2, image="", image_source=str(checkout))
    assert play.code == 0, play.failure
    assert images(site, "litemaas-user1") == images(site, "litemaas-user2")
    (binding,) = [
        one
        for one in site.list("rbac.authorization.k8s.io/v1", "RoleBinding", "litemaas-images")
        if one["metadata"]["name"] == "litemaas-image-puller"
    ]
    assert binding["roleRef"]["name"] == "system:image-puller"
    assert site.play(multi_user=True, num_users=1, remove=True).code == 0
    assert site.namespaces() == {"litemaas-images", "litemaas-user2"}
    assert site.play(multi_user=True, num_users=2, remove=True).code == 0
    assert site.namespaces() == set()


def test_a_failed_build_shows_its_own_words(site, checkout):
    site.fake.roll_out("Fails", name="litemaas", message="process exited with 1", log="npm ERR! missing script")
    play = site.play(image="", image_source=str(checkout))
    assert "ended as Failed" in play.last["msg"]
    assert "npm ERR! missing script" in play.last["msg"]


def test_a_cluster_whose_registry_is_off_is_said_so(site, checkout):
    site.fake.switch(image_registry=False)
    assert "image registry is off" in site.play(image="", image_source=str(checkout)).last["msg"]
