"""A gateway is asked over real HTTPS, with a certificate authority that only the cluster knows."""

import datetime as dt
import http.server
import ssl
import threading

import pytest
from ansible_collections.rhpds.litemaas.plugins.module_utils.answering import opener, until_answers
from collection_support import COLLECTIONS, ansible
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

KEY = "sk-right"


class Gateway(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.path == "/v1/models" and self.headers["Authorization"] == f"Bearer {KEY}"
        self.send_response(200 if known else 401)
        self.end_headers()

    def log_message(self, *_):
        """Tests read no log."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for localhost that signs itself, and the file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    text = signed.public_bytes(serialization.Encoding.PEM)
    encoding = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(text + key.private_bytes(*encoding))
    return text.decode(), path


@pytest.fixture(scope="module")
def gateway(certificate):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_gateway_that_answers_is_fine(gateway, certificate):
    assert until_answers(gateway, KEY, opener(certificate[0]), timeout=10) is None


def test_a_wrong_key_is_reported_without_the_key(gateway, certificate):
    said = until_answers(gateway, "sk-wrong", opener(certificate[0]), timeout=0)
    assert said == f"{gateway}/v1/models answers 401 Unauthorized"


def test_a_certificate_of_an_unknown_authority_is_refused(gateway):
    assert "CERTIFICATE_VERIFY_FAILED" in until_answers(gateway, KEY, opener(""), timeout=0)


def test_a_gateway_that_is_not_there_is_reported(certificate):
    assert "does not answer" in until_answers("https://localhost:9", KEY, opener(certificate[0]), timeout=0)


def test_the_module_reports_each_gateway_and_shows_no_key(gateway, certificate, tmp_path):
    playbook = tmp_path / "check.yml"
    playbook.write_text(PLAYBOOK)
    gateways = [
        {"namespace": "right", "url": gateway, "key": KEY},
        {"namespace": "wrong", "url": gateway, "key": "sk-wrong"},
    ]
    play = ansible(
        playbook,
        variables={"gateways": gateways, "authorities": certificate[0]},
        environment={"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS)},
    )
    assert play.code == 0, play.failure
    answers = {one["namespace"]: one["error"] for one in play.last["instances"]}
    assert answers == {"right": "", "wrong": f"{gateway}/v1/models answers 401 Unauthorized"}
    assert "sk-wrong" not in play.output


PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - rhpds.litemaas.gateway_check:
        gateways: "{{ gateways }}"
        authorities: "{{ authorities }}"
        timeout: 0
"""
