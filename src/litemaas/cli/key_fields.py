"""What can be said of a virtual key: options that issuing one and changing one share."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

import click

from litemaas.cli.values import Dollars

_Command = TypeVar("_Command", bound=Callable[..., Any])

LIMITS: Mapping[str, str] = {
    "budget": "max_budget",
    "rpm": "rpm_limit",
    "tpm": "tpm_limit",
    "parallel": "max_parallel_requests",
    "duration": "duration",
}
"""What a key can be freed of, by the names of the options that set it."""

_OPTIONS = (
    click.option("--alias", "key_alias", help="A name for the key."),
    click.option("--model", "-m", "models", multiple=True, help="A model that it may call; may be repeated."),
    click.option("--user", "user_id", metavar="ID", help="Whose key it is."),
    click.option("--team", "team_id", metavar="ID", help="The team it belongs to."),
    click.option("--max-budget", type=Dollars(), help="What it may spend."),
    click.option("--budget-duration", metavar="PERIOD", help="In what period, such as 1d, 30d, 1mo."),
    click.option("--duration", metavar="PERIOD", help="How long it lives from now on, such as 90d."),
    click.option("--rpm", "rpm_limit", type=click.IntRange(min=0), help="Requests a minute."),
    click.option("--tpm", "tpm_limit", type=click.IntRange(min=0), help="Tokens a minute."),
    click.option("--parallel", "max_parallel_requests", type=click.IntRange(min=0), help="Calls at the same time."),
    click.option("--cache/--no-cache", "uses_cache", default=None, help="Whether kept answers may be given."),
)


def key_options(command: _Command) -> _Command:
    """Give a command an option for each thing that can be said of a key."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def fields_given(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, by the management API's names; amounts exact."""
    fields = {name: value for name, value in given.items() if value not in (None, ())}
    return {name: _sent(value) for name, value in fields.items()}


def _sent(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
