import subprocess
import sys

import pytest
from click.testing import CliRunner

from litemaas import __version__
from litemaas.cli.commands import litemaas

ALL = ["up", "serve", "migrate", "wait-for-database", "model", "key", "user", "team", "spend", "version"]


@pytest.mark.parametrize("name", ALL)
def test_every_command_explains_itself(name):
    result = CliRunner().invoke(litemaas, [name, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


def test_the_version_is_printed():
    assert CliRunner().invoke(litemaas, ["version"]).output == f"{__version__}\n"
    assert CliRunner().invoke(litemaas, ["version", "--json"]).output == f'{{\n  "version": "{__version__}"\n}}\n'


def test_an_unknown_command_is_a_usage_error():
    assert CliRunner().invoke(litemaas, ["nonsense"]).exit_code == 2


def test_the_supervisor_loads_nothing_that_is_large():
    code = "import sys, litemaas.cli.up.command, litemaas.cli.up.run; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"rich", "msgspec", "asyncio", "asyncpg", "fastapi", "urllib.request"} & set(loaded)


@pytest.mark.parametrize(
    ("variables", "missing"),
    [
        ({}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://x"}, "LITELLM_MASTER_KEY"),
        ({"DATABASE_URL": "postgresql://x", "LITELLM_MASTER_KEY": "sk-x"}, "LITEMAAS_SALT_KEY"),
        ({"LITEMAAS_DATABASE_POOL_SIZE": "many"}, "LITEMAAS_DATABASE_POOL_SIZE"),
    ],
)
def test_serve_refuses_settings_that_cannot_work(variables, missing):
    none = {"DATABASE_URL": None, "LITELLM_MASTER_KEY": None, "LITEMAAS_SALT_KEY": None}
    result = CliRunner().invoke(litemaas, ["serve"], env=none | variables)
    assert result.exit_code == 3
    assert missing in result.stderr
