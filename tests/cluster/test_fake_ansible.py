"""The real modules of kubernetes.core, run by the real ansible-playbook, against the same cluster."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cluster.manifests import config_map, deployment, stateful_set

ANSIBLE_PLAYBOOK = Path(sys.executable).parent / "ansible-playbook"


@pytest.fixture
def play(kubeconfig, namespace, tmp_path):
    """Returns a function that runs tasks as one play and answers the result of each registered one by name."""

    def run(*tasks):
        registered = [task["register"] for task in tasks if "register" in task]
        results = tmp_path / "results.json"
        shown = ", ".join(f"'{name}': {name}" for name in registered)
        keep = {
            "ansible.builtin.copy": {"content": "{{ {" + shown + "} | to_json }}", "dest": str(results), "mode": "0600"}
        }
        body = {
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": sys.executable},
            "tasks": [*tasks, keep],
        }
        playbook = tmp_path / "play.yml"
        playbook.write_text(yaml.safe_dump([body]))
        environment = {**os.environ, "K8S_AUTH_KUBECONFIG": kubeconfig, "ANSIBLE_HOME": str(tmp_path / "ansible")}
        done = subprocess.run(
            [ANSIBLE_PLAYBOOK, "-i", "localhost,", "-c", "local", playbook],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(results.read_text())

    return run


def k8s(register, definition, **options):
    """One task of kubernetes.core.k8s."""
    check_mode = options.pop("check_mode", False)
    arguments = {"state": "present", "definition": definition, **options}
    return {"kubernetes.core.k8s": arguments, "register": register, "check_mode": check_mode}


def placed(manifest, namespace):
    manifest["metadata"]["namespace"] = namespace
    return manifest


def changed(results):
    return {name: result["changed"] for name, result in results.items()}


def test_the_module_creates_patches_applies_and_removes(play, namespace):
    one, two = (placed(config_map("one", a=value), namespace) for value in "12")
    owned = {"server_side_apply": {"field_manager": "alpha"}, "apply": True}

    results = play(
        k8s("foreseen", one, check_mode=True),
        k8s("created", one),
        k8s("again", one),
        k8s("patched", two),
        k8s("client_side", placed(config_map("two", a="1"), namespace), apply=True),
        k8s("client_side_again", placed(config_map("two", a="1"), namespace), apply=True),
        k8s("server_side", placed(config_map("three", a="1"), namespace), **owned),
        k8s("server_side_again", placed(config_map("three", a="1"), namespace), **owned),
        k8s("removed", one, state="absent", wait=True, wait_timeout=20),
        k8s("removed_again", one, state="absent"),
    )

    assert changed(results) == {
        "foreseen": True,
        "created": True,
        "again": False,
        "patched": True,
        "client_side": True,
        "client_side_again": False,
        "server_side": True,
        "server_side_again": False,
        "removed": True,
        "removed_again": False,
    }


@pytest.mark.machines
def test_the_module_waits_for_rollouts_and_tells_of_them(play, namespace):
    web, database = placed(deployment("web"), namespace), placed(stateful_set("db"), namespace)

    results = play(
        k8s("rolled_out", web, wait=True, wait_timeout=30, validate={"fail_on_error": True, "strict": True}),
        k8s("database", database, wait=True, wait_timeout=30),
        {
            "kubernetes.core.k8s_scale": {
                "api_version": "apps/v1",
                "kind": "Deployment",
                "name": "web",
                "namespace": namespace,
                "replicas": 3,
                "wait_timeout": 30,
            },
            "register": "scaled",
        },
        {
            "kubernetes.core.k8s_info": {
                "kind": "Pod",
                "namespace": namespace,
                "label_selectors": ["app=web"],
                "wait": True,
                "wait_timeout": 30,
            },
            "register": "pods",
        },
        {
            "kubernetes.core.k8s_json_patch": {
                "api_version": "apps/v1",
                "kind": "Deployment",
                "name": "web",
                "namespace": namespace,
                "patch": [{"op": "replace", "path": "/spec/replicas", "value": 1}],
            },
            "register": "patched",
        },
    )

    assert results["rolled_out"]["result"]["status"]["availableReplicas"] == 1
    assert results["database"]["result"]["status"]["readyReplicas"] == 1
    assert results["scaled"]["result"]["spec"]["replicas"] == 3
    assert [pod["status"]["phase"] for pod in results["pods"]["resources"]] == ["Running"] * 3
    assert results["patched"]["result"]["spec"]["replicas"] == 1
