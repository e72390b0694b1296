"""What `up` prints when it can serve: where, with what, and a first call that works as printed."""

import json
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from litemaas.cli.output import printable
from litemaas.cli.up.offers import PRICES_SENTENCE
from litemaas.cli.up.registration import Deployment

_FIRST_CALLS: Mapping[str, tuple[str, dict[str, object]]] = {
    "chat": (
        "/v1/chat/completions",
        {"messages": [{"role": "user", "content": "What is the capital of France?"}], "max_tokens": 64},
    ),
    "completion": ("/v1/completions", {"prompt": "The capital of France is", "max_tokens": 16}),
    "embedding": ("/v1/embeddings", {"input": "The capital of France is Paris."}),
}


def welcome(connection: Mapping[str, str], models: Sequence[Deployment], *, has_stated_prices: bool) -> str:
    """Return the text.

    Args:
        connection: What `connection.json` holds.
        models: The catalogue.
        has_stated_prices: Whether `up` set prices.
    """
    url = connection["url"]
    lines = [
        "",
        click.style(f"  LiteMaaS serves at {url}", bold=True),
        "",
        f"  Web UI        {url}/ui/",
        f"  Admin login   {connection['admin_username']} / {connection['admin_password']}",
        f"  Virtual key   {connection['virtual_key']}",
        f"  Models        {', '.join(dict.fromkeys(printable(model.name) for model in models)) or 'none yet'}",
        "",
    ]
    call = curl_line(url, connection["virtual_key"], models)
    if call is None:
        lines += ["  Add a model:", "", f"{_program()} model add NAME --api-base https://HOST/v1 --api-key-stdin"]
    else:
        lines += ["  Try it:", "", call]
    if has_stated_prices:
        lines += ["", f"  {PRICES_SENTENCE}."]
    return "\n".join([*lines, "", "  Ctrl-C stops everything.", ""])


def curl_line(url: str, virtual_key: str, models: Sequence[Deployment]) -> str | None:
    """Return a command line that calls one of `models`, chat before others, or None if none can be called."""
    for mode, (path, body) in _FIRST_CALLS.items():
        name = next((model.name for model in models if model.mode == mode), None)
        if name is not None:
            content = json.dumps({"model": name} | body)
            headers = (f"Authorization: Bearer {virtual_key}", "Content-Type: application/json")
            words = ["curl", url + path, *(word for header in headers for word in ("-H", header)), "-d", content]
            return shlex.join(words)
    return None


def _program() -> str:
    """How to call us from where the user is: `make up` runs us from an environment that no PATH knows."""
    called = sys.argv[0]
    return "litemaas" if shutil.which("litemaas") or Path(called).name != "litemaas" else shlex.quote(called)
