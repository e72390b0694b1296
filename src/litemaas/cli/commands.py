"""The table of commands, each loaded when it is called."""

import importlib
import sys
from io import TextIOWrapper
from typing import NoReturn

import click

from litemaas import __version__

_COMMANDS = {
    "up": "litemaas.cli.up.command:up",
    "serve": "litemaas.cli.serve:serve",
    "migrate": "litemaas.cli.database:migrate",
    "wait-for-database": "litemaas.cli.database:wait_for_database",
    "model": "litemaas.cli.models:model",
    "price": "litemaas.cli.model_prices:price",
    "key": "litemaas.cli.keys:key",
    "management-key": "litemaas.cli.management_keys:management_key",
    "user": "litemaas.cli.people:user",
    "team": "litemaas.cli.people:team",
    "spend": "litemaas.cli.spend:spend",
    "ledger": "litemaas.cli.ledger:ledger",
    "notice-channel": "litemaas.cli.notices:notice_channel",
    "guardrail": "litemaas.cli.guardrails:guardrail",
    "import": "litemaas.cli.moving:import_",
    "export": "litemaas.cli.moving:export",
    "rotate-salt": "litemaas.cli.salt:rotate_salt_key",
    "version": "litemaas.cli.version:version",
}


class _CommandTable(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            if ctx.resilient_parsing or cmd_name.startswith("-"):
                return None
            # Raised here because click looks for similar names among commands that are loaded, and none is.
            raise click.NoSuchCommand(cmd_name, possibilities=_COMMANDS, ctx=ctx)
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=_CommandTable, context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.version_option(__version__, message="%(version)s")
def litemaas() -> None:
    """Controlled access to AI models: one endpoint, virtual keys, budgets, spend to the cent."""


def main() -> NoReturn:
    """Run the command line of this process and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A tick that a terminal's encoding lacks must not end a command.
            stream.reconfigure(errors="replace")
    litemaas(prog_name="litemaas")
    raise SystemExit(0)
