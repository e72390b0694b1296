"""Start a fake cluster: `python -m cluster.fake --profile openshift` with the folder `tests` on the path.

Prints one line of JSON with the kubeconfig, the server's URL and the URL of the control API, then serves until SIGTERM,
SIGINT or, where standard input is a pipe, its end.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import ssl
import stat
import sys
import tempfile
from pathlib import Path

from aiohttp import web

from .certificates import Certificates, issue
from .cluster import Cluster
from .control import control_application
from .http import ApiServer
from .kubeconfig import write_kubeconfig
from .schemas import known_versions
from .seeds import seed
from .users import User

_ADDRESS = "127.0.0.1"


async def serve(profile: str, version: str, folder: Path) -> None:
    """Run one cluster until it is told to stop; its files are in the folder."""
    stopped = _stop_event()
    certificates = issue(_ADDRESS)
    listener = socket.create_server((_ADDRESS, 0), backlog=1024)
    url = f"https://{_ADDRESS}:{listener.getsockname()[1]}"
    authority = certificates.authority
    cluster = Cluster(version, profile, seed, server_url=url, certificate_authority=authority.decode())
    token = cluster.directory.add(
        User("kube:admin", ("system:cluster-admins", "system:authenticated"), cluster_admin=True)
    )
    kubeconfig = write_kubeconfig(folder, "kube:admin", url=url, authority=authority, token=token)
    server = web.ServerRunner(web.Server(ApiServer(cluster).handle, access_log=None), shutdown_timeout=0.1)
    control = web.AppRunner(control_application(cluster, folder), access_log=None, shutdown_timeout=0.1)
    await server.setup()
    await control.setup()
    await web.SockSite(server, listener, ssl_context=_tls(certificates, folder)).start()
    control_site = web.TCPSite(control, _ADDRESS, 0)
    await control_site.start()
    control_port = control.addresses[0][1]
    started = {"kubeconfig": str(kubeconfig), "url": url, "control_url": f"http://{_ADDRESS}:{control_port}"}
    sys.stdout.write(json.dumps(started) + "\n")
    sys.stdout.flush()
    await stopped.wait()
    await server.cleanup()
    await control.cleanup()


def _tls(certificates: Certificates, folder: Path) -> ssl.SSLContext:
    chain = folder / "server.pem"
    descriptor = os.open(chain, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(certificates.server + certificates.server_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context


def _stop_event() -> asyncio.Event:
    """Set by SIGTERM, SIGINT, or when whoever started us with a pipe as standard input closes it."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)

    def read() -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            loop.remove_reader(sys.stdin.fileno())
            stopped.set()

    if stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):
        loop.add_reader(sys.stdin.fileno(), read)
    return stopped


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="cluster.fake", description=__doc__)
    parser.add_argument("--profile", choices=("openshift", "kubernetes"), default="openshift")
    parser.add_argument("--kubernetes-version", choices=known_versions(), default=known_versions()[-1])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fake-cluster-") as folder:
        asyncio.run(serve(arguments.profile, arguments.kubernetes_version, Path(folder)))


if __name__ == "__main__":
    main()
