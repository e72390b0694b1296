"""Where local images lie, and the commands that work on them."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
FOLDER = REPOSITORY / "build" / "image"
_TOOLS = ("buildah", "debootstrap")


class MissingToolError(Exception):
    """A program of the machine is missing; the message names the packages."""


class Store:
    """buildah's images and containers in a folder of ours, apart from the machine's own.

    It copies files instead of mounting layers (vfs) and separates processes by chroot alone, because both work inside
    a container too, where overlays and namespaces are often not to be had.

    Raises:
        MissingToolError: buildah or debootstrap is not installed.
    """

    def __init__(self) -> None:
        if any(shutil.which(tool) is None for tool in _TOOLS):
            raise MissingToolError("it needs buildah and debootstrap: apt-get install -y buildah debootstrap")
        FOLDER.mkdir(parents=True, exist_ok=True)
        self._environment = os.environ | {"BUILDAH_ISOLATION": "chroot"}

    def call(self, *arguments: str) -> None:
        """Run buildah and let its output through.

        Raises:
            subprocess.CalledProcessError: It failed.
        """
        subprocess.run(self._command(arguments), env=self._environment, check=True)

    def ask(self, *arguments: str) -> str:
        """Run buildah and return what it prints, without the line's end.

        Raises:
            subprocess.CalledProcessError: It failed.
        """
        command = self._command(arguments)
        answer = subprocess.run(command, env=self._environment, check=True, stdout=subprocess.PIPE, text=True)
        return answer.stdout.strip()

    def has(self, image: str) -> bool:
        """Whether there is an image of that name."""
        return bool(self.ask("images", "--quiet", "--filter", f"reference={image}"))

    def inspect(self, image: str) -> dict[str, Any]:
        """What an image says of itself: `config`, `rootfs` and `history` of Docker's image format."""
        description: dict[str, Any] = json.loads(self.ask("inspect", "--type", "image", image))["Docker"]
        return description

    @contextmanager
    def container(self, image: str) -> Iterator[str]:
        """Yield the name of a new container of an image; it is removed at the end."""
        name = self.ask("from", "--pull=never", image)
        try:
            yield name
        finally:
            self.ask("rm", name)

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        places = (f"--root={FOLDER / 'storage'}", f"--runroot={FOLDER / 'run'}")
        return ["buildah", *places, "--storage-driver=vfs", *arguments]
