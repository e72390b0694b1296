"""How this machine reaches the package registries, told to a build without leaving anything in the image.

The Containerfile's build stages take two files by argument. They are written here from what pip and npm of this
machine say of themselves, mounted for the time of the build, and deleted. They may hold a mirror's password, so only
their owner reads them. Only addresses and authorities are passed on: no checks are switched off, no local folders.
"""

import configparser
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.image.store import FOLDER

_PIP_SETTINGS = ("index-url", "extra-index-url", "proxy", "cert", "client-cert", "timeout", "retries")
_NPM_SETTINGS = ("registry", "proxy", "https-proxy", "noproxy", "cafile")
_INSIDE = "/run/mirrors"


@contextmanager
def mirror_options() -> Iterator[list[str]]:
    """Yield the options of `buildah build` that let it reach what this machine reaches."""
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="mirrors-") as folder:
        pip, npm = _pip_settings(), _npm_settings()
        written = configparser.RawConfigParser()
        written["global"] = pip
        with (Path(folder) / "pip.conf").open("w") as file:
            written.write(file)
        (Path(folder) / "npmrc").write_text("".join(f"{name}={value}\n" for name, value in npm.items()))
        files = {path for path in (pip.get("cert"), pip.get("client-cert"), npm.get("cafile")) if path}
        mounts = [f"{folder}:{_INSIDE}:ro", *(f"{Path(path).resolve()}:{path}:ro" for path in sorted(files))]
        arguments = (f"PIP_CONFIG_FILE={_INSIDE}/pip.conf", f"NPM_CONFIG_USERCONFIG={_INSIDE}/npmrc")
        yield [*(f"--volume={mount}" for mount in mounts), *(f"--build-arg={argument}" for argument in arguments)]


def _pip_settings() -> dict[str, str]:
    """The settings in force; those of variables come last and win, as they do for pip."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    settings: dict[str, str] = {}
    for line in sorted(lines, key=lambda line: line.startswith(":env:")):
        name, _, value = line.partition("=")
        name = name.removeprefix("global.").removeprefix(":env:.")
        value = " ".join(part for part in value.strip("'").split() if not part.startswith("file:"))
        if name in _PIP_SETTINGS and value:
            settings[name] = value
    return settings


def _npm_settings() -> dict[str, str]:
    """The settings in force, and what the user's file says of logins, which npm does not list."""
    command = ["npm", "config", "list", "--json"]
    stated = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    settings = {name: _text(stated.get(name)) for name in _NPM_SETTINGS}
    user_file = Path(stated["userconfig"])
    for line in user_file.read_text().splitlines() if user_file.exists() else ():
        name, _, value = line.partition("=")
        if name.startswith("//"):
            settings[name.strip()] = value.strip()
    return {name: value for name, value in settings.items() if value}


def _text(value: str | list[str] | None) -> str:
    return ",".join(value) if isinstance(value, list) else value or ""
