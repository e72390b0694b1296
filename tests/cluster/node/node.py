"""The machine itself: takes the fake cluster's notices of pods, runs them, and reports how they fare."""

import asyncio
import json
import os
import socket
import ssl
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Self

from cluster.fake.launch import FakeCluster
from support.upstream import Upstream, chat

from . import isolation
from .images import ENVIRONMENT, REPOSITORY, Images
from .network import Network
from .pod import Machine, Pod
from .router import Router, Target
from .view import View, primed

MODEL_URL = "http://model.example:8000/v1"
"""Where pods find a model server."""

_NOTICE_SECONDS = 1.0
_START_SECONDS = 30
_STOP_SECONDS = 60
_HTTPS = 443


class Node:
    """A machine for one fake cluster, whose switch `kubelet` it turns on. Use it as a context manager.

    Args:
        fake: The cluster.
        folder: Where roots, volumes and logs go.
        certificate: PEM file with the router's certificate and key.
        sources: By image tag, the sources of other versions of the program.

    Attributes:
        exit_codes: Of each container that was stopped, by namespace, pod and name.
    """

    def __init__(
        self, fake: FakeCluster, folder: Path, certificate: Path, sources: dict[str, Path] | None = None
    ) -> None:
        self.exit_codes: dict[tuple[str, str, str], int] = {}
        self._fake = fake
        self._folder = folder
        self._certificate = certificate
        self._images = Images(sources or {})
        self._pods: dict[str, tuple[Pod, asyncio.Task]] = {}
        self._login: asyncio.subprocess.Process | None = None
        self._endings: dict[str, asyncio.Task] = {}
        self._started: Future = Future()
        self._view = View(fake)
        self._asking, self._listening = primed(), primed()
        self._proxy = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._fake.switch(kubelet=True)
        self._thread.start()
        self._started.result(_START_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(_STOP_SECONDS)
        for executor in (self._asking, self._listening):
            executor.shutdown()
        self._view.close()
        self._proxy.close()

    @property
    def environment(self) -> dict[str, str]:
        """Variables with which a program of the host reaches the cluster's hosts."""
        return {"HTTPS_PROXY": f"http://127.0.0.1:{self._proxy.getsockname()[1]}", "NO_PROXY": "127.0.0.1"}

    def memory(self) -> dict[tuple[str, str], int]:
        """Bytes that each running container holds, by namespace and name."""
        return {
            (pod.namespace, name): held for pod, _task in self._pods.values() for name, held in pod.memory().items()
        }

    def let_in(self, people: dict[str, list[str]], redirect_uris: list[str]) -> None:
        """Start OpenShift's login: `people` with their groups, and the redirect URIs of the OAuthClient."""
        asyncio.run_coroutine_threadsafe(self._let_in(people, redirect_uris), self._loop).result(_START_SECONDS)

    def wait_until_empty(self) -> None:
        """Wait until the pods that were deleted have ended and none is left."""
        asyncio.run_coroutine_threadsafe(self._empty(), self._loop).result()

    # --- in the thread of the machine ---

    def _run(self) -> None:
        try:
            isolation.enter_new_network()
            asyncio.run(self._serve())
        except BaseException as error:
            if not self._started.done():
                self._started.set_exception(error)
            raise

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self._changed = asyncio.Condition()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._network = Network(self._folder)
        self._machine = Machine(self._network, self._images, self._folder / "claims")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._certificate)
        self._router = Router(self._targets, context)
        proxy = await asyncio.start_server(self._router.serve, sock=self._proxy)
        upstream = Upstream(chat("Good day."))
        model = await asyncio.start_server(upstream.serve, self._network.add_server("model.example"), 8000)
        notices = asyncio.create_task(self._follow())
        self._started.set_result(None)
        async with proxy, model:
            await self._stopping.wait()
            notices.cancel()
            await self._end_all()
            await asyncio.gather(upstream.stop(), self._router.stop())
            if self._login is not None:
                self._login.kill()
                await self._login.wait()

    async def _follow(self) -> None:
        last = 0
        while True:
            told = await self._loop.run_in_executor(self._listening, self._fake.pods, last, _NOTICE_SECONDS)
            last = told["last"]
            for notice in told["pods"]:
                if notice["event"] == "start":
                    self._begin(notice)
                elif notice["uid"] in self._pods:
                    self._endings[notice["uid"]] = asyncio.create_task(self._end(notice["uid"]))

    def _begin(self, notice: dict) -> None:
        namespace, name = notice["namespace"], notice["name"]

        async def report(**status: object) -> None:
            await self._ask(self._report, namespace, name, status)

        folder = self._folder / "pods" / f"{namespace}.{name}.{notice['uid'][:8]}"
        pod = Pod(notice, self._machine, folder, report)
        self._pods[notice["uid"]] = (pod, asyncio.create_task(pod.run()))

    async def _end_all(self) -> None:
        for uid, (pod, _task) in self._pods.items():
            if uid in self._endings:
                pod.kill()
            else:
                self._endings[uid] = asyncio.create_task(self._end(uid, at_once=True))
        await asyncio.gather(*self._endings.values())

    async def _end(self, uid: str, *, at_once: bool = False) -> None:
        pod, task = self._pods[uid]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await pod.stop(at_once=at_once)
        for container, code in pod.exit_codes.items():
            self.exit_codes[pod.namespace, pod.name, container] = code
        async with self._changed:
            del self._pods[uid]
            self._changed.notify_all()

    async def _empty(self) -> None:
        async with asyncio.timeout(_STOP_SECONDS), self._changed:
            await self._changed.wait_for(lambda: not self._pods)

    async def _let_in(self, people: dict[str, list[str]], redirect_uris: list[str]) -> None:
        domain = (await self._ask(self._fake.switch))["ingress_domain"]
        host = f"oauth-openshift.{domain}"
        address = self._network.add_server("kubernetes.default.svc", host)
        for namespace in {pod.namespace for pod, _task in self._pods.values()}:
            await self._name_services(namespace)
        told = {
            "address": address,
            "certificate": str(self._certificate),
            "issuer": f"https://{host}",
            "redirect_uris": redirect_uris,
            "people": people,
        }
        self._login = await asyncio.create_subprocess_exec(
            *isolation.bound_to_us(str(ENVIRONMENT / "bin" / "python"), "-m", "cluster.node.openshift_login"),
            env={**os.environ, "PYTHONPATH": str(REPOSITORY / "tests")},
            stdin=asyncio.subprocess.PIPE,
        )
        self._login.stdin.write(json.dumps(told).encode() + b"\n")
        self._login.stdin.close()
        while not await _answers(address, _HTTPS):
            assert self._login.returncode is None, "the cluster's login did not start"
            await asyncio.sleep(0.1)
        self._router.servers[host] = (address, _HTTPS)

    async def _targets(self, host: str, path: str) -> list[Target]:
        return await self._ask(self._view.targets, host, path)

    async def _name_services(self, namespace: str) -> None:
        self._network.write_hosts(namespace, await self._ask(self._view.services, namespace))

    def _report(self, namespace: str, name: str, status: dict) -> None:
        try:
            self._fake.report_pod(namespace, name, **status)
        except ValueError:
            return  # the pod has been deleted meanwhile; its notice is on the way
        self._network.write_hosts(namespace, self._view.services(namespace))

    async def _ask(self, question, *arguments: object):
        """Call what blocks, in the host's network."""
        return await self._loop.run_in_executor(self._asking, question, *arguments)


async def _answers(address: str, port: int) -> bool:
    try:
        _reader, writer = await asyncio.open_connection(address, port)
    except OSError:
        return False
    writer.close()
    return True
