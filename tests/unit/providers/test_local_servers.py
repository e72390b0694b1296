"""Finding model servers: against real servers on ports of the system's choice."""

import json
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from litemaas.providers.local_servers import LocalServer, ModelListError, find_local_servers, list_models

TWO_MODELS = {"object": "list", "data": [{"id": "llama3:8b", "object": "model"}, {"id": "nomic-embed-text"}]}


@contextmanager
def http_server(status=200, body=b"", headers=(), seen=None, tls=None):
    """A server that answers everything alike and notes the requests in `seen`; `tls` is a server-side context."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if seen is not None:
                seen.append((self.path, dict(self.headers)))
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Keep the test's output clean."""

    class Server(ThreadingHTTPServer):
        def finish_request(self, request, client_address):
            # A client that does not trust us breaks off.
            with suppress(ssl.SSLError), tls.wrap_socket(request, server_side=True) if tls else request as stream:
                super().finish_request(stream, client_address)

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def raw_server(talk):
    """A server that lets `talk(connection, over)` do what it wants with one connection until the test is over."""
    over = threading.Event()

    def accept(listener):
        connection, _ = listener.accept()
        with connection, suppress(OSError):  # the client has gone, as it should
            talk(connection, over)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, args=(listener,))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            thread.join()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def self_signed(folder):
    """Return the file of a new certificate for 127.0.0.1 and a server-side context that shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "model server")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(certificate.public_bytes(pem) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context


def models_server(document=TWO_MODELS, **options):
    return http_server(body=json.dumps(document).encode(), **options)


def test_a_running_server_is_found_with_its_models():
    with models_server() as port:
        found = find_local_servers(ports={"Ollama": port})

    assert found == [LocalServer("Ollama", f"http://127.0.0.1:{port}/v1", ["llama3:8b", "nomic-embed-text"])]


def test_the_models_are_asked_for_where_openai_has_them():
    seen = []
    with models_server(seen=seen) as port:
        find_local_servers(ports={"vLLM": port})

    assert [path for path, _ in seen] == ["/v1/models"]


def test_several_servers_come_in_the_order_they_are_looked_for_and_absent_ones_are_left_out():
    with models_server() as first, models_server({"data": [{"id": "qwen"}]}) as second:
        found = find_local_servers(ports={"Ollama": first, "vLLM": free_port(), "LM Studio": second})

    assert [(server.name, server.models) for server in found] == [
        ("Ollama", ["llama3:8b", "nomic-embed-text"]),
        ("LM Studio", ["qwen"]),
    ]


def test_nothing_runs_and_nothing_is_found():
    assert find_local_servers(ports={"Ollama": free_port(), "vLLM": free_port()}) == []


@pytest.mark.parametrize("document", [{"data": []}, {"object": "list", "data": None}])
def test_a_server_without_models_is_found(document):
    with models_server(document) as port:
        found = find_local_servers(ports={"Ollama": port})

    assert [server.models for server in found] == [[]]


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>It works!</body></html>",
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"data": "many"}',
        b'{"data": [{"name": "no id"}]}',
        b'{"data": [{"id": 7}]}',
        b"\xff\xfe\xfd",
        b"[" * 100_000,
    ],
    ids=["html", "nothing", "list", "null", "object", "text", "no id", "number", "no text", "deep nesting"],
)
def test_an_answer_that_is_no_model_list_is_no_model_server(body):
    with http_server(body=body) as port:
        assert find_local_servers(ports={"llama.cpp": port}) == []


def test_an_error_status_is_no_model_server():
    with http_server(status=500, body=json.dumps(TWO_MODELS).encode()) as port:
        assert find_local_servers(ports={"llama.cpp": port}) == []


def test_a_redirect_is_not_followed():
    followed = []
    with models_server(seen=followed) as target:
        location = [("Location", f"http://127.0.0.1:{target}/v1/models")]
        with http_server(status=302, headers=location) as port:
            assert find_local_servers(ports={"llama.cpp": port}) == []

    assert followed == []


def test_a_proxy_in_the_environment_is_not_used(monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    with models_server() as port:
        assert find_local_servers(ports={"Ollama": port})


def test_a_huge_answer_is_given_up_after_a_megabyte():
    sent = 0

    def flood(connection, over):
        nonlocal sent
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not over.is_set():
            sent += connection.send(b" " * 65536)

    with raw_server(flood) as port, pytest.raises(ModelListError, match="larger than 1 MB"):
        list_models(f"http://127.0.0.1:{port}/v1", timeout=30)

    assert sent < 20 << 20  # what the kernel's buffers took, not what there was


def test_a_server_that_never_answers_is_left():
    def stay_silent(_, over):
        over.wait()

    with raw_server(stay_silent) as port, pytest.raises(ModelListError, match="does not answer within 1 s"):
        list_models(f"http://127.0.0.1:{port}/v1", timeout=1)


def test_a_server_that_drips_bytes_cannot_stretch_the_deadline():
    def drip(connection, over):
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not over.wait(0.01):
            connection.sendall(b"y")

    with raw_server(drip) as port, pytest.raises(ModelListError, match=r"does not answer within 0\.2 s"):
        list_models(f"http://127.0.0.1:{port}/v1", timeout=0.2)


def test_a_server_that_is_no_http_server_is_left():
    def greet(connection, over):
        connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
        over.wait()

    with raw_server(greet) as port:
        assert find_local_servers(timeout=0.2, ports={"LM Studio": port}) == []


def test_the_api_key_is_sent_as_bearer_token():
    seen = []
    with models_server(seen=seen) as port:
        list_models(f"http://127.0.0.1:{port}/v1/", api_key="sk-upstream")

    path, headers = seen[0]
    assert (path, headers["Authorization"]) == ("/v1/models", "Bearer sk-upstream")


@pytest.mark.parametrize("status", [401, 302])
def test_a_refusal_names_the_status_and_hides_the_key(status):
    with http_server(status=status) as port, pytest.raises(ModelListError) as refused:
        list_models(f"http://user:sesame@127.0.0.1:{port}/v1", api_key="sk-upstream")

    assert str(refused.value) == f"127.0.0.1 does not list its models: it answers with status {status}"


def test_a_key_that_cannot_be_a_header_is_refused_without_being_shown():
    with pytest.raises(ModelListError) as refused:
        list_models("http://127.0.0.1:1/v1", api_key="sk-upstream\r\nHost: elsewhere")

    assert "sk-upstream" not in str(refused.value)


@pytest.mark.parametrize("url", ["127.0.0.1:8000/v1", "ftp://127.0.0.1/v1", "http:///v1", "file:///etc/passwd"])
def test_a_url_that_is_no_http_url_is_refused(url):
    with pytest.raises(ModelListError, match="must begin with http"):
        list_models(url)


def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_key_is_sent(tmp_path):
    seen = []
    _, context = self_signed(tmp_path)
    with (
        models_server(seen=seen, tls=context) as port,
        pytest.raises(ModelListError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        list_models(f"https://127.0.0.1:{port}/v1", api_key="sk-upstream")

    assert seen == []


def test_a_certificate_that_the_system_trusts_is_accepted(tmp_path, monkeypatch):
    file, context = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with models_server(tls=context) as port:
        assert list_models(f"https://127.0.0.1:{port}/v1") == ["llama3:8b", "nomic-embed-text"]


def test_an_unreachable_endpoint_is_told():
    with pytest.raises(ModelListError, match="refused"):
        list_models(f"http://127.0.0.1:{free_port()}/v1")
