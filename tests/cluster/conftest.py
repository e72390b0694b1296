"""A cluster for each worker of the test run: our fake one, or a real one named by LITEMAAS_TEST_KUBECONFIG.

Not KUBECONFIG: these tests make and delete namespaces, and whoever runs them may have a production cluster there.
"""

import os
import tempfile
import uuid

import pytest
from kubernetes import client, config
from kubernetes.dynamic import DynamicClient

from cluster.fake.launch import FakeCluster

REAL_KUBECONFIG = os.environ.get("LITEMAAS_TEST_KUBECONFIG", "")


@pytest.fixture(scope="session", autouse=True)
def temporary_folder(tmp_path_factory):
    """One of our own, because clients cache there by address what a server has, and addresses come back."""
    folder = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", None)
        yield folder


@pytest.fixture(scope="session")
def running_fake(temporary_folder):
    with FakeCluster("openshift") as cluster:
        yield cluster


@pytest.fixture
def fake(running_fake):
    """The fake cluster itself, for tests that tell it what to do; as new for each of them."""
    running_fake.reset()
    yield running_fake
    running_fake.reset()


@pytest.fixture
def kubeconfig(request):
    """The cluster of the test; one that tells the fake cluster what to do is never run on a real one."""
    if REAL_KUBECONFIG and "fake" not in request.fixturenames:
        return REAL_KUBECONFIG
    return request.getfixturevalue("running_fake").kubeconfig


@pytest.fixture(scope="session")
def real_version():
    """Version of the real cluster as two numbers; the fake one has what every test asks for."""
    with config.new_client_from_config(REAL_KUBECONFIG) as api_client:
        code = client.VersionApi(api_client).get_code()
    return tuple(int("".join(filter(str.isdigit, part))) for part in (code.major, code.minor))


@pytest.fixture(scope="session")
def real_machines():
    """Whether the real cluster has a node."""
    with config.new_client_from_config(REAL_KUBECONFIG) as api_client:
        return bool(client.CoreV1Api(api_client).list_node().items)


@pytest.fixture(autouse=True)
def fits_the_cluster(request):
    """Skips on a real cluster what it is too old for, or has no machines for."""
    if not REAL_KUBECONFIG or "fake" in request.fixturenames:
        return
    for mark in request.node.iter_markers("since"):
        version, what = mark.args
        if request.getfixturevalue("real_version") < tuple(map(int, version.split("."))):
            pytest.skip(f"{what} came with Kubernetes {version}")
    if request.node.get_closest_marker("machines") and not request.getfixturevalue("real_machines"):
        pytest.skip("a cluster without nodes finishes no rollout")


@pytest.fixture
def api(kubeconfig):
    with config.new_client_from_config(kubeconfig) as api_client:
        yield api_client


@pytest.fixture
def dynamic(api):
    return DynamicClient(api)


@pytest.fixture
def deployments(dynamic):
    """Deployments by the dynamic client, which sends what it is given, right or wrong."""
    return dynamic.resources.get(api_version="apps/v1", kind="Deployment")


@pytest.fixture
def core(api):
    return client.CoreV1Api(api)


@pytest.fixture
def apps(api):
    return client.AppsV1Api(api)


@pytest.fixture
def namespace(core):
    """The name of a new namespace."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    core.create_namespace({"metadata": {"name": name}})
    yield name
    if name in {each.metadata.name for each in core.list_namespace().items}:
        core.delete_namespace(name)
