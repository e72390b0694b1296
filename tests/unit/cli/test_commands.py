import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from litemaas import __version__
from litemaas.cli.commands import litemaas


def walk(group=litemaas, words=()):
    """Yield every command with the words that lead to it; the first is `litemaas` itself."""
    yield words, group
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            yield from walk(group.get_command(context, name), (*words, name))


COMMANDS = [pytest.param(words, command, id=" ".join(words)) for words, command in walk()]


@pytest.mark.parametrize(("words", "command"), COMMANDS)
def test_every_command_and_option_explains_itself(words, command):
    result = CliRunner().invoke(litemaas, [*words, "--help"])
    assert result.exit_code == 0
    assert command.help
    assert [option.name for option in command.params if isinstance(option, click.Option) and not option.help] == []


@pytest.mark.parametrize("words", [words for words, command in walk() if isinstance(command, click.Group)])
def test_no_line_of_a_list_of_commands_is_cut_off_at_80_columns(words):
    listed = CliRunner().invoke(litemaas, [*words, "--help"], env={"COLUMNS": "80"}).output.partition("Commands:")[2]
    assert [line for line in listed.splitlines() if line.endswith("...")] == []


def test_the_version_is_printed():
    assert CliRunner().invoke(litemaas, ["--version"]).output == f"{__version__}\n"
    assert CliRunner().invoke(litemaas, ["version"]).output == f"{__version__}\n"
    assert CliRunner().invoke(litemaas, ["version", "--json"]).output == f'{{\n  "version": "{__version__}"\n}}\n'


def test_an_unknown_command_is_a_usage_error_that_names_a_similar_one():
    result = CliRunner().invoke(litemaas, ["modle"])
    assert (result.exit_code, "'model'" in result.stderr) == (2, True)
    assert CliRunner().invoke(litemaas, ["--nonsense"]).exit_code == 2


def test_a_shell_completes_names_of_commands_and_options():
    words = {"_LITEMAAS_COMPLETE": "bash_complete", "COMP_WORDS": "litemaas guardrail add --k", "COMP_CWORD": "3"}
    assert CliRunner().invoke(litemaas, prog_name="litemaas", env=words).stdout == "plain,--kind\n"


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
        ({"LITEMAAS_LOG_LEVEL": "loud"}, "LITEMAAS_LOG_LEVEL"),
    ],
)
def test_serve_refuses_settings_that_cannot_work(variables, missing):
    none = {"DATABASE_URL": None, "LITELLM_MASTER_KEY": None, "LITEMAAS_SALT_KEY": None}
    result = CliRunner().invoke(litemaas, ["serve"], env=none | variables)
    assert result.exit_code == 3
    assert missing in result.stderr
