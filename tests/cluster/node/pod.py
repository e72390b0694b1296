"""One pod's life: its network, its volumes, its init containers one after the other, its containers, its end."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from . import probes
from .container import Container, Surroundings
from .images import Images
from .network import Network

_LOOK_SECONDS = 0.25
_LOOK_AGAIN_SECONDS = 1.0
_FAILURES = 3  # in a row, until a pod that was ready counts as not ready; Kubernetes' default
_BACK_OFF_SECONDS = 1.0
_AT_ONCE_SECONDS = 20
_IMAGES_OWN_USER = 1001

Report = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class Machine:
    """What all pods of a machine share: their network, their images, and the folder of the claims' volumes."""

    network: Network
    images: Images
    claims: Path


class Pod:
    """A pod as the fake cluster's kubelet tells of it.

    Attributes:
        address: In the pod network, once it has one.
        exit_codes: Of its containers by name, once it has been stopped.
    """

    def __init__(self, notice: dict, machine: Machine, folder: Path, report: Report) -> None:
        self.notice = notice
        self.namespace, self.name = notice["namespace"], notice["name"]
        self.address = ""
        self.exit_codes: dict[str, int] = {}
        self._machine = machine
        self._folder = folder
        self._report = report
        self._pause: asyncio.subprocess.Process | None = None
        self._containers: list[Container] = []
        self._ready = False

    async def run(self) -> None:
        """Start everything and report how it fares, until cancelled or, for a pod that runs once, until its end."""
        self._pause, self.address = await self._machine.network.attach()
        surroundings = self._surroundings()
        spec = self.notice["spec"]
        for number, told in enumerate(self.notice["init_containers"]):
            await self._run_to_success(Container(told, spec["initContainers"][number], surroundings))
        self._containers = [
            Container(told, spec["containers"][number], surroundings)
            for number, told in enumerate(self.notice["containers"])
        ]
        if spec["restartPolicy"] == "Always":
            await asyncio.gather(self._watch(), *(self._keep_running(container) for container in self._containers))
        else:
            await self._run_once()

    def memory(self) -> dict[str, int]:
        """Bytes that each of its containers holds, by name."""
        return {container.told["name"]: container.memory for container in self._containers}

    async def stop(self, *, at_once: bool = False) -> None:
        """End the pod as a deletion does; `at_once` leaves out the hooks, when the whole machine goes."""
        grace = _AT_ONCE_SECONDS if at_once else self.notice["spec"]["terminationGracePeriodSeconds"]
        await asyncio.gather(*(self._stop(each, grace, at_once=at_once) for each in self._containers))
        if self._pause is not None:
            self._pause.kill()
            await self._pause.wait()

    def kill(self) -> None:
        """End at once what is being stopped."""
        for container in self._containers:
            container.kill()

    async def _stop(self, container: Container, grace: float, *, at_once: bool) -> None:
        hook = container.spec.get("lifecycle", {}).get("preStop", {}).get("exec")
        if hook is not None and not at_once:
            await container.run_inside(hook["command"])
        self.exit_codes[container.told["name"]] = await container.stop(grace)

    async def _run_to_success(self, container: Container) -> None:
        self._containers = [container]
        while True:
            await container.start()
            code = await container.wait()
            if code == 0:
                return
            await self._report(phase="CrashLoopBackOff", message=container.last_words, exit_code=code)
            await asyncio.sleep(_BACK_OFF_SECONDS)

    async def _run_once(self) -> None:
        for container in self._containers:
            await container.start()
        await self._report(phase="Running", ready=True, pod_ip=self.address)
        codes = [await container.wait() for container in self._containers]
        words = self._containers[0].last_words
        if any(codes):
            await self._report(phase="Failed", message=words, exit_code=max(codes), log=words)
        else:
            await self._report(phase="Succeeded", log=words)

    async def _keep_running(self, container: Container) -> None:
        while True:
            await container.start()
            hook = container.spec.get("lifecycle", {}).get("postStart", {}).get("exec")
            if hook is not None and await container.is_up() and await container.run_inside(hook["command"]) != 0:
                await container.stop(0)
            code = await container.wait()
            self._ready = False
            await self._report(phase="CrashLoopBackOff", message=container.last_words, exit_code=code)
            await asyncio.sleep(_BACK_OFF_SECONDS)

    async def _watch(self) -> None:
        failures = 0
        while True:
            passed = all([await probes.passes(container, self.address) for container in self._containers])
            failures = 0 if passed else failures + 1
            if passed != self._ready and (passed or failures == _FAILURES):
                self._ready = passed
                await self._report(phase="Running", ready=passed, pod_ip=self.address)
            await asyncio.sleep(_LOOK_AGAIN_SECONDS if self._ready else _LOOK_SECONDS)

    def _surroundings(self) -> Surroundings:
        self._folder.mkdir(parents=True)
        mounts = [(folder, str(folder), "ro") for folder in self._machine.images.folders()]
        hosts = (self._machine.network.hosts_file(self.namespace), "/etc/hosts", "ro")
        volumes = {volume["name"]: self._volume(volume) for volume in self.notice["spec"].get("volumes", ())}
        return Surroundings(
            self._folder, self._pause.pid, self._user(), [*mounts, hosts], volumes, self._machine.images
        )

    def _user(self) -> int:
        contexts = (self.notice["spec"]["containers"][0], self.notice["spec"])
        stated = [each.get("securityContext", {}).get("runAsUser") for each in contexts]
        return next((user for user in stated if user is not None), _IMAGES_OWN_USER)

    def _volume(self, volume: dict) -> Path:
        """The folder of a volume; that of a claim is older than the pod and outlives it."""
        claim = volume.get("persistentVolumeClaim")
        folder = (
            self._machine.claims / self.namespace / claim["claimName"]
            if claim
            else self._folder / "volumes" / volume["name"]
        )
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in self.notice["files"].get(volume["name"], {}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(base64.b64decode(content))
        folder.chmod(0o777)
        return folder
