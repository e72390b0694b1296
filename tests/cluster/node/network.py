"""The pod network: one bridge, an address for each pod, and the names of services in a hosts file of each namespace."""

import asyncio
import itertools
import os
from pathlib import Path

from . import isolation

_PREFIX = "10.128"
_GATEWAY = f"{_PREFIX}.0.1"
_BITS = 16
_HARDWARE_ADDRESS = "02:00:00:00:00:01"


class Network:
    """Made by the thread whose network it becomes."""

    def __init__(self, folder: Path) -> None:
        isolation.configure_network("link", "set", "lo", "up")
        # With an address of its own; else a bridge takes that of one of its ports, and pods that come and go change it.
        isolation.configure_network("link", "add", "pods", "address", _HARDWARE_ADDRESS, "type", "bridge")
        isolation.configure_network("address", "add", f"{_GATEWAY}/{_BITS}", "dev", "pods")
        isolation.configure_network("link", "set", "pods", "up")
        self._folder = folder
        self._numbers = itertools.count(10)
        self._names: dict[str, str] = {}

    def add_server(self, *names: str) -> str:
        """An address of this machine for a server outside the cluster, known to every pod by these names."""
        address = self._next_address()
        isolation.configure_network("address", "add", f"{address}/{_BITS}", "dev", "pods")
        self._names |= dict.fromkeys(names, address)
        return address

    async def attach(self) -> tuple[asyncio.subprocess.Process, str]:
        """A process that does nothing but hold a pod's network, and the pod's address."""
        address = self._next_address()
        prepare = f"{isolation.program('ip')} link set lo up && echo there && exec sleep infinity"
        command = isolation.bound_to_us(isolation.program("unshare"), "--net", "sh", "-c", prepare)
        pause = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        assert await pause.stdout.readline() == b"there\n"
        ours, theirs = f"pod{address.rpartition('.')[2]}", str(pause.pid)
        isolation.configure_network(
            *("link", "add", ours, "master", "pods", "up", "type", "veth", "peer", "name", "eth0", "netns", theirs)
        )
        script = f"""
            ip=$1
            $ip address add {address}/{_BITS} dev eth0
            $ip link set eth0 up
            $ip route add default via {_GATEWAY}
        """
        command = [*isolation.inside(pause.pid, "net"), "sh", "-euc", script, "sh", isolation.program("ip")]
        await (await asyncio.create_subprocess_exec(*command)).wait()
        return pause, address

    def hosts_file(self, namespace: str) -> Path:
        """The `/etc/hosts` of a namespace's pods."""
        path = self._folder / f"hosts.{namespace}"
        if not path.exists():
            self.write_hosts(namespace, {})
        return path

    def write_hosts(self, namespace: str, services: dict[str, str]) -> None:
        """Say at which address each service of a namespace is; pods see it at once, because the file stays the same."""
        lines = ["127.0.0.1 localhost"]
        lines += [f"{address} {name}" for name, address in self._names.items()]
        lines += [
            f"{address} {name} {name}.{namespace}.svc {name}.{namespace}.svc.cluster.local"
            for name, address in services.items()
        ]
        content = "\n".join([*lines, ""]).encode()
        descriptor = os.open(self._folder / f"hosts.{namespace}", os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.pwrite(descriptor, content, 0)  # first, so that no reader finds an empty file
            os.ftruncate(descriptor, len(content))
        finally:
            os.close(descriptor)

    def _next_address(self) -> str:
        number = next(self._numbers)
        return f"{_PREFIX}.{number // 250}.{number % 250 + 2}"
