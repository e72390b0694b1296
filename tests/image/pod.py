"""Runs the image as a cluster runs it: any user ID in group 0, no rights, a read-only root, two small volumes.

Neither the image nor the machine changes: the mounts are in a namespace that ends with the process. The network is the
machine's own, as buildah's is here; what the image is told lies in the environment, never in an argument.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PATIENCE = 60.0
"""Seconds after which something that a test waits for has failed."""

USER = 1000660000
"""As OpenShift hands them out: no such user is in any /etc/passwd."""

_ENTER = """
root=$1 user=$2; shift 2
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o size=64m,mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o size=64m,mode=0775 tmpfs "$root/var/lib/litemaas"
exec setpriv --no-new-privs chroot --userspec="$user:0" --groups= "$root" "$@"
"""


@dataclass(frozen=True)
class Image:
    """The image, unpacked.

    Attributes:
        root: Its files.
        description: `config`, `rootfs` and `history`.
        layers: Archives of the layers that are ours, not the base's.
    """

    root: Path
    description: dict[str, Any]
    layers: tuple[Path, ...]

    @property
    def config(self) -> dict[str, Any]:
        return self.description["config"]

    async def run(self, *command: str, settings: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Run a command of the image's and return its exit code and everything that it printed."""
        process = await self._start(command, settings or {})
        async with asyncio.timeout(PATIENCE):
            output, _ = await process.communicate()
        return process.returncode, output.decode()

    @asynccontextmanager
    async def serving(self, role: str, ready: str, settings: Mapping[str, str]) -> AsyncIterator[httpx.AsyncClient]:
        """Serve a role as its pod does, until the end of the block, and see it end well.

        Args:
            role: Of `litemaas serve`.
            ready: Path of its readiness probe.
            settings: The environment beyond the image's own.

        Yields:
            A client of the server.
        """
        port = str(free_port())
        command = (*self.config["Entrypoint"], "serve", "--role", role, "--host", "127.0.0.1", "--port", port)
        process = await self._start(command, settings)
        output = asyncio.ensure_future(process.stdout.read())
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
                await _until_ready(client, ready, output)
                yield client
            process.terminate()
            async with asyncio.timeout(PATIENCE):
                assert await process.wait() == 0, (await output).decode()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            await output

    async def _start(self, command: tuple[str, ...], settings: Mapping[str, str]) -> asyncio.subprocess.Process:
        own = dict(entry.split("=", 1) for entry in self.config["Env"])
        return await asyncio.create_subprocess_exec(
            *("unshare", "--mount", "sh", "-euc", _ENTER, "sh", str(self.root), str(USER), *command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=own | settings,
        )


def free_port() -> int:
    """A port that the system gives nobody else for a while."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


async def _until_ready(client: httpx.AsyncClient, path: str, output: asyncio.Future) -> None:
    async with asyncio.timeout(PATIENCE):
        while not output.done():
            try:
                if (await client.get(path)).status_code == httpx.codes.OK:
                    return
            except httpx.ConnectError:
                pass
            await asyncio.sleep(0.05)  # a probe is asked again and again, as a kubelet does
    raise AssertionError(output.result().decode())
