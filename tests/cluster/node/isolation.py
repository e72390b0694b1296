"""Linux namespaces: a network that only one thread and its children see, and what must be there to make one."""

import ctypes
import os
import shutil
import subprocess

_PROGRAMS = ("ip", "unshare", "nsenter", "setpriv", "chroot")
_NEW_NETWORK = 0x40000000  # CLONE_NEWNET of <linux/sched.h>
_SEARCH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))


def obstacle() -> str:
    """Why pods cannot run here; empty where they can."""
    if missing := [name for name in _PROGRAMS if shutil.which(name, path=_SEARCH) is None]:
        return f"pods need {', '.join(missing)} (Debian: iproute2, util-linux)"
    return "" if os.geteuid() == 0 else "pods need root, for users, mounts and networks of their own"


def program(name: str) -> str:
    """The path of one of the system's programs."""
    found = shutil.which(name, path=_SEARCH)
    if found is None:
        raise FileNotFoundError(name)
    return found


def enter_new_network() -> None:
    """Give the calling thread, and what it starts from now on, an empty network.

    Raises:
        OSError: the kernel refuses.
    """
    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(_NEW_NETWORK) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def configure_network(*arguments: str) -> None:
    """Run `ip` in the calling thread's network.

    Raises:
        RuntimeError: it refuses; with its words.
    """
    done = subprocess.run([program("ip"), *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"ip {' '.join(arguments)}: {done.stderr}")


def inside(pid: int, *namespaces: str) -> list[str]:
    """The beginning of a command that runs in namespaces of a process: `net`, `mount`, `pid`, `root`."""
    return [program("nsenter"), f"--target={pid}", *(f"--{name}" for name in namespaces)]


def bound_to_us(*command: str) -> list[str]:
    """A command whose process ends when the thread that starts it does, however that happens."""
    return [program("setpriv"), "--pdeathsig", "KILL", *command]
