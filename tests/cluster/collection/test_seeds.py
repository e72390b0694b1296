"""The commands of the two READMEs that LiteMaaS is built after, as they stand there, and what each must leave behind.

Their variables arrive as text (`-e name=value`), which is part of what is tested.
"""

import shlex

import pytest

SINGLE = {"litemaas"}
CNV = "ocs-external-storagecluster-ceph-rbd"
GATEWAY = {"litellm"}
ALL = {"litellm", "litemaas-backend", "litemaas-frontend"}
DATABASE = {"postgres"}
LAB = "-e ocp4_workload_litemaas_multi_user=true"
WITH_UI = "-e ocp4_workload_litemaas_deploy_backend=true -e ocp4_workload_litemaas_deploy_frontend=true"
OAUTH = f"-e ocp4_workload_litemaas_oauth_enabled=true {WITH_UI}"
PASSWORD = '-e ocp4_workload_litemaas_multi_user_common_password="RedHat2025!"'
STORAGE = f'-e ocp4_workload_litemaas_postgres_storage_class="{CNV}"'


def users(count):
    return {f"litemaas-user{number}" for number in range(1, count + 1)}


# Playbook, arguments; then namespaces, Deployments and StatefulSets in each, gateway replicas, redirect URIs.
COMMANDS = {
    "plain": ("deploy_litemaas.yml", "", SINGLE, GATEWAY, DATABASE, 1, 0),
    "lab of 20": ("deploy_litemaas.yml", f"{LAB} -e num_users=20 {PASSWORD}", users(20), GATEWAY, DATABASE, 1, 0),
    "lab of 20 with OAuth": (
        "deploy_litemaas.yml",
        f"{LAB} -e num_users=20 {OAUTH} {PASSWORD}",
        users(20),
        ALL,
        DATABASE,
        1,
        40,
    ),
    "lab of 5 with 2 replicas": (
        "deploy_litemaas.yml",
        f"{LAB} -e num_users=5 -e ocp4_workload_litemaas_litellm_replicas=2",
        users(5),
        GATEWAY,
        DATABASE,
        2,
        0,
    ),
    "user UI": ("deploy_litemaas.yml", OAUTH, SINGLE, ALL, DATABASE, 1, 2),
    "high availability": (
        "deploy_litemaas_ha.yml",
        f"{OAUTH} -e ocp4_workload_litemaas_ha_litellm_replicas=3 {STORAGE}",
        SINGLE,
        ALL,
        {"postgres", "litemaas-redis"},
        3,
        2,
    ),
    "CNV": ("deploy_litemaas.yml", STORAGE, SINGLE, GATEWAY, DATABASE, 1, 0),
    "lab of 20 on CNV": (
        "deploy_litemaas.yml",
        f"{LAB} -e num_users=20 {OAUTH} {STORAGE}",
        users(20),
        ALL,
        DATABASE,
        1,
        40,
    ),
    "larger volume": (
        "deploy_litemaas.yml",
        "-e ocp4_workload_litemaas_postgres_storage_size=50Gi",
        SINGLE,
        GATEWAY,
        DATABASE,
        1,
        0,
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_of_the_readmes_leaves_what_they_promise(site, name):
    playbook, arguments, namespaces, deployments, stateful_sets, replicas, uris = COMMANDS[name]
    site.fake.set_storage_classes(
        {"name": "gp3-csi", "provisioner": "ebs.csi.aws.com", "default": True},
        {"name": CNV, "provisioner": "openshift-storage.rbd.csi.ceph.com", "default": False},
    )
    site.fake.set_platform("AWS")
    play = site.play(*shlex.split(arguments), playbook=playbook)
    assert play.code == 0, play.failure
    assert site.namespaces() == namespaces
    found = site.list("apps/v1", "Deployment")
    assert {(one["metadata"]["namespace"], one["metadata"]["name"]) for one in found} == {
        (namespace, deployment) for namespace in namespaces for deployment in deployments
    }
    assert {one["spec"]["replicas"] for one in found if one["metadata"]["name"] == "litellm"} == {replicas}
    assert {one["metadata"]["name"] for one in site.list("apps/v1", "StatefulSet")} == stateful_sets
    assert len(site.redirect_uris()) == uris
    claims = site.list("v1", "PersistentVolumeClaim")
    assert {one["spec"]["storageClassName"] for one in claims} == {CNV if STORAGE in arguments else "gp3-csi"}


REMOVALS = {
    "single": ("deploy_litemaas.yml", OAUTH, ""),
    "high availability": ("deploy_litemaas_ha.yml", OAUTH, ""),
    "lab": ("deploy_litemaas.yml", f"{LAB} -e num_users=10 {OAUTH}", f"{LAB} -e num_users=10"),
}


@pytest.mark.parametrize("name", REMOVALS)
def test_the_removal_of_the_readmes_leaves_nothing(site, name):
    playbook, arguments, removal = REMOVALS[name]
    site.play(*shlex.split(arguments), playbook=playbook)
    assert site.namespaces() != set()
    removed = site.play(*shlex.split(removal), "-e", "ocp4_workload_litemaas_remove=true")
    assert removed.code == 0, removed.failure
    assert site.namespaces() == set()
    assert site.names("oauth.openshift.io/v1", "OAuthClient") == set()


def test_the_catalog_item_of_the_readme_gives_showroom_its_variables(site):
    play = site.play(
        "-e",
        "num_users=2",
        multi_user=True,
        oauth_enabled=True,
        deploy_backend=True,
        deploy_frontend=True,
        multi_user_common_password="RedHat2025!",
    )
    assert play.code == 0, play.failure
    data = site.user_data()
    assert data["litemaas_user1_admin_url"] == "https://litellm-admin-user1.apps.cluster.example.com"
    assert data["litemaas_user1_frontend_url"] == "https://litellm-frontend-user1.apps.cluster.example.com"
    assert data["litemaas_user1_password"] == "RedHat2025!"
    assert data["litemaas_user1_username"] == "admin"
    assert data["users"]["user2"]["litemaas_url"] == "https://litellm-user2-rhpds.apps.cluster.example.com"
    assert data["users"]["user2"]["litemaas_api_key"].startswith("sk-")
