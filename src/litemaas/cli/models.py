"""`litemaas model`: add, list, test, discover and remove models."""

from datetime import date
from decimal import Decimal
from typing import Any

import click

from litemaas.cli.client import Client
from litemaas.cli.errors import CommandError
from litemaas.cli.model_names import deployments_of
from litemaas.cli.model_routing import route_model
from litemaas.cli.openshift_ai import print_services
from litemaas.cli.options import calls_litemaas, json_option, yes_option
from litemaas.cli.output import Column, number, print_json, print_table, printable
from litemaas.cli.prices import price_options, prices_given
from litemaas.cli.secret_input import read_upstream_key
from litemaas.cli.values import Day
from litemaas.cli.waiting import waiting

_MILLION = Decimal(1_000_000)
_MARKS = {"ok": ("✔", "green"), "failed": ("✘", "red"), "skipped": ("–", None)}  # noqa: RUF001 - a dash, not a minus
_MODES = (
    *("chat", "completion", "embedding", "responses", "rerank"),
    *("image_generation", "audio_transcription", "audio_speech", "moderation"),
)
_ABOUT = ("mode", "max_input_tokens", "max_output_tokens", "cache_ttl", "cache_shared")

_key_stdin = click.option("--api-key-stdin", is_flag=True, help="Read the upstream's API key from standard input.")
_key_env = click.option("--api-key-env", metavar="NAME", help="Read the upstream's API key from this variable.")


@click.group()
def model() -> None:
    """Models and the upstreams that serve them."""


model.add_command(route_model)


@model.command("list")
@json_option
@calls_litemaas
def list_models(client: Client, *, as_json: bool) -> None:
    """List all models."""
    rows = client.get("/model/info")["data"]
    if as_json:
        print_json(rows)
        return
    columns = [
        *(Column(title) for title in ("Name", "Mode", "Upstream model", "API base")),
        Column("Input $/M", is_number=True),
        Column("Output $/M", is_number=True),
        Column("ID"),
    ]
    print_table(columns, [_cells(row) for row in rows], nothing="No models yet: add one with `litemaas model add`.")


@model.command("add")
@click.argument("name")
@click.option("--api-base", metavar="URL", help="The upstream's URL, e.g. https://host/v1; some providers have one.")
@click.option("--upstream-model", metavar="ID", show_default="NAME", help="What the upstream calls the model.")
@click.option("--provider", default="openai", help="Kind of the upstream's API.")
@click.option("--mode", type=click.Choice(_MODES), default="chat", help="What the model does.")
@price_options
@click.option("--max-input-tokens", type=click.IntRange(min=1), help="Longest input.")
@click.option("--max-output-tokens", type=click.IntRange(min=1), help="Longest output.")
@click.option("--cache-ttl", type=click.IntRange(min=1), metavar="SECONDS", help="How long its answers are kept.")
@click.option("--cache-shared", is_flag=True, default=None, help="All teams share the kept answers.")
@_key_stdin
@_key_env
@json_option
@calls_litemaas
def add_model(client: Client, /, name: str, *, api_key_stdin: bool, api_key_env: str | None, **given: Any) -> None:
    """Add a deployment to the model NAME."""
    api_key = read_upstream_key(from_input=api_key_stdin, variable=api_key_env)
    upstream = {
        "model": f"{given['provider']}/{given['upstream_model'] or name}",
        "api_base": given["api_base"],
        "api_key": api_key,
        **prices_given(given),
    }
    about = {name: given[name] for name in _ABOUT}
    added = client.post(
        "/model/new",
        {"model_name": name, "litellm_params": _without_none(upstream), "model_info": _without_none(about)},
    )
    if given["as_json"]:
        print_json(added)
    else:
        print(f"Added {name}. Test it with `litemaas model test {name}`.")


@model.command("test")
@click.argument("name")
@json_option
@calls_litemaas
def test_model(client: Client, name: str, *, as_json: bool) -> None:
    """Test every deployment of the model NAME with a real call. The first step that fails says what to look at."""
    reports = []
    for row in deployments_of(client, name):
        deployment = row["model_info"]["id"]
        with waiting(f"Testing {name} ({row['litellm_params'].get('api_base') or 'no API base'})…"):
            reports.append({"id": deployment} | client.post("/model/test", {"id": deployment}))
    if as_json:
        print_json(reports)
    else:
        for report in reports:
            _print_report(report)
    if not all(report["ok"] for report in reports):
        raise CommandError(f"{name} does not work: the first failed step says what to look at.")


@model.command("discover")
@click.argument("api_base", metavar="[URL]", required=False)
@click.option("--openshift-ai", is_flag=True, help="Ask the cluster that LiteMaaS runs in, instead of a URL.")
@_key_stdin
@_key_env
@json_option
@calls_litemaas
def discover_models(
    client: Client, /, api_base: str | None, *, openshift_ai: bool, as_json: bool, **given: Any
) -> None:
    """List the models that an endpoint offers. With --openshift-ai: those that LiteMaaS finds in its cluster."""
    if (api_base is None) is not openshift_ai:
        raise click.UsageError("Give either a URL or --openshift-ai.")
    if openshift_ai:
        print_services(client, as_json=as_json)
        return
    api_key = read_upstream_key(from_input=given["api_key_stdin"], variable=given["api_key_env"])
    with waiting(f"Asking {api_base}…"):
        found = client.post("/model/discover", _without_none({"api_base": api_base, "api_key": api_key}))
    if as_json:
        print_json(found)
        return
    for name in found["models"]:
        print(printable(name))


@model.command("deprecate")
@click.argument("name")
@click.option("--from", "deprecated_on", type=Day(), help="From this day on (UTC) nobody should begin to use it.")
@click.option("--until", "sunset_on", type=Day(), help="From this day on (UTC) it may be gone.")
@click.option("--successor", metavar="MODEL", help="The model to use instead.")
@calls_litemaas
def deprecate_model(client: Client, /, name: str, **said: Any) -> None:
    """Say that the model NAME goes out of use.

    Calls are answered as before, and tell it in their headers. Without options, what was said is taken back.
    """
    deployment = deployments_of(client, name)[0]["model_info"]["id"]
    about = {what: f"{day}" if isinstance(day, date) else day for what, day in said.items()}
    client.post("/model/update", {"model_info": {"id": deployment} | about})
    print(f"{name} goes out of use." if any(about.values()) else f"{name} stays in use.")


@model.command("remove")
@click.argument("name")
@yes_option
@calls_litemaas
def remove_model(client: Client, name: str, *, confirmed: bool) -> None:
    """Remove the model NAME with all its deployments. The ID of a deployment as NAME removes that one alone."""
    rows = deployments_of(client, name)
    if not confirmed:
        deployments = "1 deployment" if len(rows) == 1 else f"{len(rows)} deployments"
        click.confirm(f"Remove {name} ({deployments})?", abort=True, err=True)
    for row in rows:
        client.post("/model/delete", {"id": row["model_info"]["id"]})
    print(f"Removed {name}.")


def _cells(row: dict[str, Any]) -> list[str]:
    upstream, about = row["litellm_params"], row["model_info"]
    return [
        row["model_name"],
        about.get("mode") or "",
        upstream["model"],
        upstream.get("api_base") or "",
        _per_million(_price(row, "input_cost_per_token")),
        _per_million(_price(row, "output_cost_per_token")),
        about["id"],
    ]


def _price(row: dict[str, Any], field: str) -> Any:
    given = row["litellm_params"].get(field)
    return row["model_info"].get(field) if given is None else given


def _per_million(price: Any) -> str:
    return f"{(number(price) * _MILLION).normalize():f}"


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _print_report(report: dict[str, Any]) -> None:
    click.echo(click.style(report["id"], bold=True))
    for step in report["steps"]:
        mark, color = _MARKS[step["verdict"]]
        click.echo(f"  {click.style(mark, fg=color)} {step['name']:<12} {printable(step['detail'])}".rstrip())
