"""A real gateway for the collection's tests, and the way to it by the hosts of a cluster that has no DNS."""

import datetime as dt
import json
import os
import select
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import yaml
from collection_support import COLLECTIONS, ansible
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ROOT = Path(__file__).parents[3]
PROGRAM = shutil.which("litemaas", path=f"{os.environ.get('LITEMAAS_BIN', ROOT / '.venv' / 'bin')}")
START_SECONDS = 90


class Gateway:
    """A running `litemaas up`: its URL and master key."""

    def __init__(self, connection):
        self.url, self.master_key = connection["url"], connection["master_key"]
        self.port = int(self.url.rpartition(":")[2])

    def ask(self, path, body=None, key=None):
        """One request; answers the status and the decoded body."""
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {key or self.master_key}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())


@contextmanager
def running_gateway(folder, *arguments, **environment):
    """Starts the program, by default with a database of its own, and stops it as an operator would."""
    assert PROGRAM, "the program is not installed: run `make setup`, or name its folder in LITEMAAS_BIN"
    command = [PROGRAM, "up", "--no-demo", "--port", "0", "--metrics-port", "0", "--data-dir", str(folder)]
    command += arguments
    log = folder / "up.log"
    folder.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        told = folder / "connection.json"
        deadline = time.monotonic() + START_SECONDS
        while not told.exists():  # the file is how the program says that it serves
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield Gateway(json.loads(told.read_text()))
    finally:
        process.terminate()
        process.wait(60)


def certificate_for(hosts, folder):
    """A certificate that signs itself: its PEM text, and the path of the file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "cluster")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    text = signed.public_bytes(serialization.Encoding.PEM)
    encoding = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "router.pem"
    path.write_bytes(text + key.private_bytes(*encoding))
    return text.decode(), path


class Router:
    """What a cluster's DNS and router do: an HTTPS proxy that leads every host, its TLS ended, to one gateway."""

    def __init__(self, gateway, certificate):
        self._target = ("127.0.0.1", gateway.port)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.hosts = []
        self._thread = threading.Thread(target=self._accept)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exception):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    @property
    def environment(self):
        """Variables with which a program goes through it; the cluster's API is reached directly."""
        return {"HTTPS_PROXY": f"http://127.0.0.1:{self._listener.getsockname()[1]}", "NO_PROXY": "127.0.0.1"}

    def _accept(self):
        calls = []
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                break
            calls.append(threading.Thread(target=self._serve, args=(client,)))
            calls[-1].start()
        for call in calls:
            call.join()

    def _serve(self, client):
        with client:
            head = client.recv(65536)
            if not head:
                return  # who connects and says nothing only wants to know whether we are there
            self.hosts.append(head.split()[1].decode().partition(":")[0])
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            try:
                with (
                    self._context.wrap_socket(client, server_side=True) as secure,
                    socket.create_connection(self._target) as upstream,
                ):
                    _relay(secure, upstream)
            except OSError:
                return  # the client does not trust the certificate, or hangs up


def _relay(secure, upstream):
    while True:
        ready = [secure] if secure.pending() else select.select([secure, upstream], [], [])[0]
        for source in ready:
            piece = source.recv(65536)
            if not piece:
                return
            (upstream if source is secure else secure).sendall(piece)


def run_tasks(gateway, folder, tasks, *arguments):
    """Runs tasks on the gateway, one after the other, each whether or not another failed.

    Args:
        gateway: The Gateway.
        folder: Where the playbook goes.
        tasks: Pairs of a task and whether to run it in check mode.
        *arguments: Of ansible-playbook.

    Returns:
        Their results, and all that was printed.
    """
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "module_defaults": {"group/rhpds.litemaas.gateway": {"url": gateway.url, "master_key": gateway.master_key}},
        "tasks": [dict(task, check_mode=check, ignore_errors=True) for task, check in tasks],
    }
    path = folder / "tasks.yml"
    path.write_text(yaml.safe_dump([play]))
    done = ansible(path, *arguments, environment={"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS)})
    assert done.code == 0, done.output
    return done.results, done.output
