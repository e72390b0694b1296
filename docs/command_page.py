"""The reference page of the command line, from the commands themselves."""

import inspect
from collections.abc import Iterator

import click

from litemaas.cli.commands import litemaas
from litemaas.cli.errors import CommandError, SetupError

_WHICH_LITEMAAS = {"url", "data_dir"}
_INTRODUCTION = f"""# The command line

`.venv/bin/litemaas` after `make setup`, `litemaas` in the image. A command that manages something talks to a running
LiteMaaS: the one of the data folder (`--data-dir` or `LITEMAAS_DATA_DIR`; `.litemaas`), or the one that `--url` or
`LITEMAAS_URL` names, with the master key or a [management key](../MANAGEMENT_KEYS.md) in `LITELLM_MASTER_KEY`. What it
lists for people it prints for programs with `--json`. Secrets come by a variable or standard input, never by an option.

| exit code | means |
|---|---|
| 0 | done |
| {CommandError.exit_code} | what was asked for failed |
| {click.UsageError.exit_code} | the command line is wrong |
| {SetupError.exit_code} | LiteMaaS, its database or its settings cannot be reached or used |

The Tab key completes commands and options after one of these lines, for good if it stands in the shell's start file:

```bash
eval "$(_LITEMAAS_COMPLETE=bash_source litemaas)"
eval "$(_LITEMAAS_COMPLETE=zsh_source litemaas)"
_LITEMAAS_COMPLETE=fish_source litemaas | source
```"""


def command_page(note: str) -> str:
    """The page of all commands and their options.

    Args:
        note: Its first lines, which say that it is generated.
    """
    root = click.Context(litemaas, info_name="litemaas", **litemaas.context_settings)
    return "\n".join([note, _INTRODUCTION, *_parts(litemaas, root, "##")]) + "\n"


def _parts(commands: click.Group, group: click.Context, depth: str) -> Iterator[str]:
    for name in commands.list_commands(group):
        command = commands.get_command(group, name)
        if command is not None and not command.hidden:
            yield from _described(click.Context(command, parent=group, info_name=name), depth)


def _described(context: click.Context, depth: str) -> Iterator[str]:
    command = context.command
    arguments = [one.make_metavar(context) for one in command.params if isinstance(one, click.Argument)]
    yield f"\n{depth} {' '.join([context.command_path, *arguments])}\n"
    yield inspect.cleandoc(command.help or "")
    rows = list(_options(context))
    if rows:
        yield "\n| option | meaning |\n|---|---|"
        yield from rows
    if isinstance(command, click.Group):
        yield from _parts(command, context, f"{depth}#")


def _options(context: click.Context) -> Iterator[str]:
    options = [one for one in context.command.params if isinstance(one, click.Option)]
    if {one.name for one in options} >= _WHICH_LITEMAAS:
        options = [one for one in options if one.name not in _WHICH_LITEMAAS]
    for option in options:
        if record := option.get_help_record(context):
            names, meaning = (text.replace("|", "\\|").replace("  ", " ") for text in record)
            yield f"| `{names}` | {meaning} |"
