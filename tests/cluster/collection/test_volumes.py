"""A volume that shall be larger grows where its storage class allows it; what cannot be done is one sentence."""

import pytest

GROWING = {"name": "gp3-csi", "provisioner": "ebs.csi.aws.com", "default": True, "expansion": True}
FIXED = {**GROWING, "expansion": False}


def sizes(site, namespace="litemaas"):
    """What the volumes and the StatefulSet's template ask for."""
    claims = site.list("v1", "PersistentVolumeClaim", namespace)
    templates = [one["spec"]["volumeClaimTemplates"][0] for one in site.list("apps/v1", "StatefulSet", namespace)]
    return [one["spec"]["resources"]["requests"]["storage"] for one in claims + templates]


def pod_uid(site):
    (pod,) = [one for one in site.list("v1", "Pod", "litemaas") if one["metadata"]["name"] == "postgres-0"]
    return pod["metadata"]["uid"]


@pytest.mark.timeout(300)  # several plays
def test_a_volume_grows_under_its_running_database(site):
    site.fake.set_storage_classes(GROWING)
    site.play()
    database = pod_uid(site)
    checked = site.play("--check", "--diff", postgres_storage_size="20Gi")
    assert checked.code == 0, checked.failure
    assert sizes(site) == ["10Gi", "10Gi"]
    play = site.play("--diff", postgres_storage_size="20Gi")
    assert play.code == 0, play.failure
    assert sizes(site) == ["20Gi", "20Gi"]
    assert pod_uid(site) == database
    assert [result.get("diff") for result in checked.results] == [result.get("diff") for result in play.results]
    assert site.play(postgres_storage_size="20Gi").changed == 0


def test_the_same_size_in_other_words_changes_nothing(site):
    site.play()
    play = site.play(postgres_storage_size="10240Mi")
    assert play.code == 0, play.failure
    assert sizes(site) == ["10Gi", "10Gi"]


@pytest.mark.parametrize(
    ("size", "sentence"),
    [
        ("20Gi", "cannot grow from 10Gi to 20Gi, because its storage class gp3-csi does not allow it"),
        ("5Gi", "has 10Gi and cannot shrink to 5Gi: leave its size at 10Gi."),
        ("10GB", "Sizes of volumes are written like 10Gi."),
    ],
)
def test_a_size_that_cannot_be_is_refused_before_anything_is_changed(site, size, sentence):
    site.fake.set_storage_classes(FIXED)
    site.play()
    play = site.play(postgres_storage_size=size, litellm_replicas=2)
    assert sentence in play.last["msg"]
    assert sizes(site) == ["10Gi", "10Gi"]
    (gateway,) = site.list("apps/v1", "Deployment", "litemaas")
    assert gateway["spec"]["replicas"] == 1


@pytest.mark.timeout(300)  # several plays
def test_growth_that_was_interrupted_goes_on(site):
    site.fake.set_storage_classes(GROWING)
    site.play()
    site.fake.fail_next(403, verb="delete", resource="statefulsets.apps")
    interrupted = site.play(postgres_storage_size="20Gi")
    assert interrupted.code != 0
    assert sizes(site) == ["20Gi", "10Gi"]
    play = site.play(postgres_storage_size="20Gi")
    assert play.code == 0, play.failure
    assert sizes(site) == ["20Gi", "20Gi"]
