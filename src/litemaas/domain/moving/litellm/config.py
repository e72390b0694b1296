"""LiteLLM's `config.yaml` as a bundle: its models, and what its settings mean for them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from litemaas.domain.errors import InvalidInputError
from litemaas.domain.moving.entities import Bundle
from litemaas.domain.moving.errors import UnreadableSourceError
from litemaas.domain.moving.litellm.environment import Environment
from litemaas.domain.moving.litellm.findings import Findings
from litemaas.domain.moving.litellm.holdings import Holdings
from litemaas.domain.moving.litellm.models import read_model, with_credential
from litemaas.domain.moving.litellm.settings import SECTIONS, read_settings

_MOST_FILES = 100


def read_config(text: str, folder: Path, variables: Mapping[str, str]) -> Bundle:
    """Read a configuration.

    Args:
        text: Of the file.
        folder: Where the files are that it includes.
        variables: What `os.environ/NAME` means.

    Raises:
        UnreadableSourceError: It, or a file that it includes, is no configuration of LiteLLM.
    """
    configuration = _with_included(_parse(text, "The configuration"), folder)
    environment = Environment(variables).with_variables(_table(configuration, "environment_variables"))
    holdings, findings = Holdings(), Findings()
    credentials = {
        str(entry.get("credential_name")): _table(entry, "credential_values")
        for entry in _entries(configuration, "credential_list")
    }
    for entry in _entries(configuration, "model_list"):
        name = str(entry.get("model_name") or "")
        params = _table(entry, "litellm_params")
        try:
            params = environment.resolve(with_credential(params, credentials))
        except InvalidInputError as error:
            findings.refused("model", name, error.message)
            continue
        read_model(holdings, findings, name=name, params=params, info=_table(entry, "model_info"))
    read_settings(holdings, findings, {**configuration, **{name: _table(configuration, name) for name in SECTIONS}})
    return Bundle(
        source="litellm config.yaml", chunks=list(holdings.chunks()), findings=findings, wants_list_prices=True
    )


def _with_included(configuration: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The configuration with those it includes; as in LiteLLM, lists are joined and other values replaced."""
    waiting = _names(configuration)
    for count, name in enumerate(waiting):
        if count >= _MOST_FILES:
            raise UnreadableSourceError(f"The configuration includes more than {_MOST_FILES} files.")
        try:
            included = _parse((folder / name).read_text(encoding="utf-8"), name)
        except (OSError, ValueError) as error:
            raise UnreadableSourceError(f"The included file {name} cannot be read: {error}.") from error
        waiting += _names(included)  # this very list is being gone through
        for key, value in included.items():
            present = configuration.get(key)
            configuration[key] = [*present, *value] if isinstance(present, list) and isinstance(value, list) else value
    return configuration


def _names(configuration: dict[str, Any]) -> list[str]:
    names = configuration.pop("include", None) or []
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise UnreadableSourceError("include is not a list of files.")
    return names


def _parse(text: str, what: str) -> dict[str, Any]:
    try:
        parsed = yaml.safe_load(text)
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        raise UnreadableSourceError(f"{what} is not YAML{f' (line {place.line + 1})' if place else ''}.") from error
    if not isinstance(parsed, dict):
        raise UnreadableSourceError(f"{what} is not a configuration of LiteLLM.")
    return parsed


def _table(entry: Mapping[str, Any], name: str) -> dict[str, Any]:
    table = entry.get(name) or {}
    if not isinstance(table, dict):
        raise UnreadableSourceError(f"{name} is not a table.")
    return dict(table)


def _entries(configuration: Mapping[str, Any], section: str) -> list[dict[str, Any]]:
    entries = configuration.get(section) or []
    if not (isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)):
        raise UnreadableSourceError(f"{section} is not a list of tables.")
    return entries
