"""Runs the collection as an operator does: with ansible-playbook, from the clone, as a process of its own."""

import base64
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml
from kubernetes import config
from kubernetes.dynamic import DynamicClient

ROOT = Path(__file__).parents[3]
COLLECTIONS = ROOT / "playbooks" / "collections"
ROLE = ROOT / "roles" / "ocp4_workload_litemaas"
IMAGE = "quay.io/example/litemaas"
PREFIX = "ocp4_workload_litemaas_"


def tool(name):
    """The command of the environment that runs the tests."""
    return str(Path(sys.executable).parent / name)


@dataclass(frozen=True)
class Play:
    """A finished ansible-playbook: its exit code, its output, and with the JSON callback its tasks' results."""

    code: int
    output: str

    @property
    def results(self):
        """Results of the tasks on localhost, in order."""
        document = json.loads(self.output[self.output.index("{\n") :])
        return [task["hosts"]["localhost"] for play in document["plays"] for task in play["tasks"]]

    @property
    def last(self):
        """Result of the last task."""
        return self.results[-1]

    @property
    def failure(self):
        """What the last task said, for the message of an assertion."""
        return (
            self.last.get("msg", self.last)
            if self.output.lstrip().startswith("{") or "\n{\n" in self.output
            else self.output
        )

    @property
    def changed(self):
        """Number of tasks that changed something."""
        return sum(1 for result in self.results if result.get("changed"))


def ansible(playbook, *arguments, **options):
    """Runs a playbook to its end; see start.

    Returns:
        The Play.
    """
    with start(playbook, *arguments, **options) as process:
        output, _nothing = process.communicate()
        return Play(process.returncode, output)


def start(playbook, *arguments, variables=None, environment=None, cwd=ROOT):
    """Starts a playbook in a process group of its own.

    Args:
        playbook: Its path, or its full name in an installed collection.
        *arguments: More arguments.
        variables: Extra variables, typed.
        environment: More environment variables.
        cwd: Where to run it.

    Returns:
        The process.
    """
    command = [tool("ansible-playbook"), str(playbook), *arguments]
    command += ["-e", json.dumps(variables)] if variables else []
    settings = {
        "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "0",
        "ANSIBLE_NOCOLOR": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, **settings, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def render(folder, instances, **variables):
    """Renders the role's manifests without a cluster.

    Args:
        folder: Where the file goes, and where alerts and a dashboard may lie.
        instances: As the layout module makes them.
        **variables: Role variables, without their prefix; `routes` and `monitoring_kinds` say what the cluster has.

    Returns:
        The manifests.
    """
    cluster = {
        "routes": variables.pop("routes", True),
        "monitoring": variables.pop("monitoring_kinds", False),
        "storage_class": "gp3-csi",
        "oauth_issuer": "https://oauth-openshift.apps.cluster.example",
        "authorities": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        "instances": [
            {
                **instance,
                "namespace_state": "absent",
                "autoscaled": False,
                "checksum": "c0ffee",
                "checksums": {"postgres-secret": "1", "redis-secret": "2"},
            }
            for instance in instances
        ],
    }
    destination = folder / "manifests.yaml"
    role_variables = {f"{PREFIX}{name}": value for name, value in variables.items()}
    role_variables[f"_{PREFIX}observability"] = str(folder)
    everything = {f"{PREFIX}image": IMAGE, "cluster": cluster, "destination": str(destination), **role_variables}
    path = {"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS)}
    play = ansible(Path(__file__).parent / "render.yml", variables=everything, environment=path)
    assert play.code == 0, play.output
    return [manifest for manifest in yaml.safe_load_all(destination.read_text()) if manifest]


class Site:
    """A cluster on which plays are run, seen through the plain Python client."""

    def __init__(self, fake, folder):
        self.fake = fake
        self.folder = folder
        self.kubeconfig = fake.kubeconfig
        self.environment = {}

    def play(self, *arguments, **options):
        """Runs one of the playbooks to its end; see begin."""
        with self.begin(*arguments, **options) as process:
            output, _nothing = process.communicate()
            return Play(process.returncode, output)

    def begin(self, *arguments, playbook="deploy_litemaas.yml", **variables):
        """Starts one of the playbooks; variables are the role's, without their prefix."""
        role_variables = {
            "image": IMAGE,
            "verify": False,
            "wait": True,
            "wait_timeout": 60,
            "give_up_after": 1,
            **variables,
        }
        return start(
            ROOT / "playbooks" / playbook,
            *arguments,
            variables={
                "output_dir": str(self.folder),
                **{f"{PREFIX}{name}": one for name, one in role_variables.items()},
            },
            environment={"KUBECONFIG": self.kubeconfig, **self.environment},
            cwd=self.folder,
        )

    def list(self, api_version, kind, namespace=None):
        """Lists objects as plain dictionaries."""
        with config.new_client_from_config(self.fake.kubeconfig) as api:
            found = DynamicClient(api).resources.get(api_version=api_version, kind=kind).get(namespace=namespace)
        return found.to_dict()["items"]

    def names(self, api_version, kind, namespace=None):
        """Lists names."""
        return {one["metadata"]["name"] for one in self.list(api_version, kind, namespace)}

    def namespaces(self):
        """Names of LiteMaaS' namespaces."""
        return {name for name in self.names("v1", "Namespace") if name.startswith("litemaas")}

    def secret(self, name, namespace="litemaas"):
        """Content of a Secret."""
        (found,) = [one for one in self.list("v1", "Secret", namespace) if one["metadata"]["name"] == name]
        return {key: base64.b64decode(value).decode() for key, value in found["data"].items()}

    def create(self, manifest):
        """Creates an object as somebody else would."""
        with config.new_client_from_config(self.fake.kubeconfig) as api:
            resource = DynamicClient(api).resources.get(api_version=manifest["apiVersion"], kind=manifest["kind"])
            resource.create(body=manifest, namespace=manifest["metadata"].get("namespace"))

    def redirect_uris(self):
        """Redirect URIs of the one OAuthClient, none where it is not there."""
        return [uri for one in self.list("oauth.openshift.io/v1", "OAuthClient") for uri in one["redirectURIs"]]

    def user_data(self):
        """What AgnosticD would read after the play."""
        return yaml.safe_load((self.folder / "provision-user-data.yaml").read_text())
