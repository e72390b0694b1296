import pytest
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ClusterError
from ansible_collections.rhpds.litemaas.plugins.module_utils.storage import choose


def storage_class(name, *, default=False):
    marks = {"storageclass.kubernetes.io/is-default-class": "true"} if default else {}
    return {"metadata": {"name": name, "annotations": marks}}


CLASSES = [storage_class("gp2", default=True), storage_class("gp3-csi"), storage_class("slow")]


def test_the_given_class_wins():
    assert choose("slow", None, "aws", CLASSES) == "slow"


def test_the_class_of_existing_volumes_stays():
    assert choose("", "slow", "aws", CLASSES) == "slow"


def test_existing_volumes_cannot_move_to_another_class():
    with pytest.raises(ClusterError, match="are of storage class slow and cannot move to gp2"):
        choose("gp2", "slow", "aws", CLASSES)


def test_the_clouds_preferred_class_comes_before_the_default():
    assert choose("", None, "aws", CLASSES) == "gp3-csi"


def test_the_default_class_is_used_where_the_preferred_one_is_missing():
    assert choose("", None, "gcp", CLASSES) == "gp2"


def test_an_unknown_class_is_refused_with_those_that_exist():
    with pytest.raises(ClusterError, match=r"no storage class fast\. Storage classes that exist: gp2, gp3-csi, slow"):
        choose("fast", None, "aws", CLASSES)


def test_without_a_default_the_operator_is_asked():
    with pytest.raises(ClusterError, match="set ocp4_workload_litemaas_postgres_storage_class"):
        choose("", None, "", [storage_class("slow")])


def test_who_may_not_list_classes_leaves_the_choice_to_the_cluster():
    assert choose("", None, "", None) == ""
