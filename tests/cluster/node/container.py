"""One container: a process in its own root, under its own user, in its pod's network."""

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path

from . import isolation, memory
from .images import Images

_CONTAINER = Path(__file__).resolve().with_name("container.sh")
_HOOK_SECONDS = 120
_KILL_SECONDS = 10
_LAST_LINES = 12
_LOOK_SECONDS = 0.02
_OUR_ROOT = Path("/").stat().st_dev


@dataclass(frozen=True)
class Surroundings:
    """What the containers of a pod share.

    Attributes:
        folder: Where roots and logs go.
        network: Process that holds the pod's network.
        user: Its numeric user id.
        mounts: What every container sees: path here, path there, `ro` or `rw`.
        volumes: Folder of each volume.
        images: What stands for their images.
    """

    folder: Path
    network: int
    user: int
    mounts: list[tuple[Path, str, str]]
    volumes: dict[str, Path]
    images: Images


@dataclass
class Container:
    """A container as its pod's notice describes it: `name`, `image`, `arguments`, `environment`, `volume_mounts`."""

    told: dict
    spec: dict
    surroundings: Surroundings
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        return self.surroundings.folder / f"{self.told['name']}.log"

    @property
    def last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-_LAST_LINES:])

    @property
    def memory(self) -> int:
        """Bytes that its processes hold."""
        first = self._first_process()
        return 0 if first is None else memory.held_by(first)

    async def start(self) -> None:
        """Start its program."""
        image = self.surroundings.images.named(self.told["image"])
        arguments = self.told["arguments"]
        command = arguments if self.spec.get("command") else [*image.entrypoint, *arguments]
        if folder := self.spec.get("workingDir"):
            command = ["env", f"--chdir={folder}", *command]
        root = self.surroundings.folder / f"{self.told['name']}.root"
        root.mkdir(exist_ok=True)
        mounts = root.with_suffix(".mounts")
        mounts.write_text("".join(f"{source}\t{target}\t{mode}\n" for source, target, mode in self._mounts()))
        alone = [isolation.program("unshare"), "--mount", "--pid", "--fork", "--kill-child"]
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *isolation.bound_to_us(*isolation.inside(self.surroundings.network, "net"), *alone),
                *("sh", str(_CONTAINER), isolation.program("chroot"), str(root)),
                *(str(self.surroundings.user), str(mounts), *command),
                env={**image.environment, **self.told["environment"]},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def is_up(self) -> bool:
        """Wait until its program has its own root, or has ended; tells which."""
        while self._process.returncode is None:
            if self._first_process() is not None:
                return True
            await asyncio.sleep(_LOOK_SECONDS)
        return False

    async def wait(self) -> int:
        """Wait for its end; returns the exit code."""
        return await self._process.wait()

    async def run_inside(self, command: list[str], seconds: float = _HOOK_SECONDS) -> int:
        """Run a probe or hook in it; returns the exit code, 124 after too long, 1 where it does not run."""
        pid = self._first_process()
        if pid is None:
            return 1
        image = self.surroundings.images.named(self.told["image"])
        user = (f"--setuid={self.surroundings.user}", "--setgid=0")
        with self.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *isolation.bound_to_us(*isolation.inside(pid, "net", "mount", "pid", "root", "wd"), *user, *command),
                env={**image.environment, **self.told["environment"]},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            return await asyncio.wait_for(process.wait(), seconds)
        except TimeoutError:
            process.kill()
            await process.wait()
            return 124

    async def stop(self, grace_seconds: float) -> int:
        """Ask it to end, and end it after the grace period; returns the exit code."""
        if self._process is None:
            return 0
        pid = self._first_process()
        if pid is None:
            self.kill()
            return await self._process.wait()
        os.kill(pid, self.surroundings.images.named(self.told["image"]).stop_signal)
        try:
            return await asyncio.wait_for(self._process.wait(), grace_seconds)
        except TimeoutError:
            self.kill()
            return await asyncio.wait_for(self._process.wait(), _KILL_SECONDS)

    def kill(self) -> None:
        """End all of it without a word."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    def _first_process(self) -> int | None:
        """The process that is number 1 inside, once it is there; the one we started only waits for it."""
        if self._process is None or self._process.returncode is not None:
            return None
        try:
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
            roots = [Path(f"/proc/{child}/root/").stat().st_dev for child in children]
        except FileNotFoundError:
            return None
        return int(children[0]) if roots and roots[0] != _OUR_ROOT else None

    def _mounts(self) -> list[tuple[Path, str, str]]:
        own = [
            (
                self.surroundings.volumes[mount["name"]] / mount.get("subPath", ""),
                mount["mountPath"],
                "ro" if mount.get("readOnly") else "rw",
            )
            for mount in self.told["volume_mounts"]
        ]
        return [*sorted(own, key=lambda each: each[1]), *self.surroundings.mounts]
