"""A plain kubeconfig is read by ourselves, quickly; any other is left to the kubernetes package."""

import ssl
from pathlib import Path

import pytest
import yaml
from ansible_collections.rhpds.litemaas.plugins.module_utils import kubeconfig
from ansible_collections.rhpds.litemaas.plugins.module_utils.connection import Connection, connect
from urllib3.exceptions import SSLError


@pytest.fixture
def settings(running_fake):
    return yaml.safe_load(Path(running_fake.kubeconfig).read_text())


@pytest.fixture
def write(tmp_path, settings):
    def write_to_file():
        path = tmp_path / "kubeconfig"
        path.write_text(yaml.safe_dump(settings))
        return str(path)

    return write_to_file


def version_at(path):
    return Connection(kubeconfig.plain(path, None, 1)).get("/version")["major"]


def test_what_oc_login_writes_is_plain(write, settings, monkeypatch):
    settings["clusters"].append({"name": "other", "cluster": {"server": "https://127.0.0.1:9"}})
    assert version_at(write()) == "1"
    monkeypatch.setenv("KUBECONFIG", write())
    assert version_at(None) == "1"


def test_authorities_can_be_in_a_file_beside_it(write, settings, tmp_path):
    cluster = settings["clusters"][0]["cluster"]
    data = cluster.pop("certificate-authority-data")
    (tmp_path / "ca.crt").write_bytes(yaml.safe_load(f"!!binary {data}"))
    cluster["certificate-authority"] = "ca.crt"
    assert version_at(write()) == "1"


def test_without_authorities_those_of_the_system_are_trusted_and_nobody_else(write, settings):
    del settings["clusters"][0]["cluster"]["certificate-authority-data"]
    access = kubeconfig.plain(write(), None, 1)
    with pytest.raises(SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        access.pool.request("GET", access.host + "/version", retries=False)
    assert access.pool.connection_pool_kw["ssl_context"].verify_mode == ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    ("part", "more"),
    [
        ("user", {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "aws"}}),
        ("user", {"client-certificate-data": "", "client-key-data": ""}),
        ("cluster", {"insecure-skip-tls-verify": True}),
        ("cluster", {"proxy-url": "http://proxy.example:3128"}),
        ("cluster", {"tls-server-name": "api.example"}),
        ("cluster", {"server": "http://127.0.0.1:8080"}),
    ],
)
def test_anything_else_is_not_plain(write, settings, part, more):
    settings[f"{part}s"][0][part].update(more)
    assert kubeconfig.plain(write(), None, 1) is None


def test_neither_is_one_behind_a_proxy_or_without_the_context_that_is_asked_for(write, monkeypatch, tmp_path):
    assert kubeconfig.plain(write(), "elsewhere", 1) is None
    assert kubeconfig.plain(str(tmp_path / "nowhere"), None, 1) is None
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    assert kubeconfig.plain(write(), None, 1) is None


def test_the_package_opens_what_is_not_plain(write, settings):
    settings["clusters"][0]["cluster"]["tls-server-name"] = "localhost"
    assert connect({"kubeconfig": write()}).get("/version")["major"] == "1"
