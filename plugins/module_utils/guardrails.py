# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Guardrails: what may not be said to a model, or by one, and whose calls are guarded."""

from __future__ import annotations

from . import fields
from .errors import GatewayError

RULES = ("kind", "action", "sides", "patterns", "entities", "for_all")

# Options that say whose calls are guarded, and what the gateway calls these.
HOLDERS = {"keys": "key", "teams": "team", "models": "model"}

OPTIONS = dict(
    {name: {"type": "list", "elements": "str", "no_log": False} for name in HOLDERS},
    name={"type": "str", "required": True},
    kind={"type": "str", "choices": ["pattern", "secrets", "personal_data"]},
    action={"type": "str", "choices": ["block", "mask", "log"]},
    sides={"type": "list", "elements": "str", "choices": ["input", "output"]},
    patterns={"type": "list", "elements": "str"},
    entities={"type": "list", "elements": "str"},
    for_all={"type": "bool"},
)


class Guardrail:
    """A guardrail as it shall be; see desired."""

    KIND = "guardrail"
    SECRETS = ()

    def __init__(self, gateway, params):
        self._gateway = gateway
        self.identity = {"name": params["name"]}
        self.wanted = fields.given(params, (*RULES, *HOLDERS))
        if any(key.startswith("sk-") for key in self.wanted.get("keys") or ()):
            message = "Name keys by their alias or hash: their texts would be seen in logs."
            raise GatewayError(message)

    def find(self):
        """Reads the guardrail, or None."""
        return next(iter(find(self._gateway, self.identity)), None)

    def present(self, row):
        """The row, with whose calls it guards in the form of the options."""
        return dict(row, **{option: self._held(row, option) for option in HOLDERS})

    def create(self):
        """Adds it and says whose calls it guards; returns its row.

        Raises:
            GatewayError: Nothing says of which kind it is.
        """
        if "kind" not in self.wanted:
            message = "Say which kind of guardrail it is: kind."
            raise GatewayError(message)
        row = self._gateway.post("/guardrail/new", dict(self.identity, **_of(self.wanted, RULES)))
        return self._bind(row, _of(self.wanted, HOLDERS))

    def change(self, row, changes):
        """Changes it; returns its row.

        Raises:
            GatewayError: It shall be of another kind.
        """
        if "kind" in changes:
            message = f"The guardrail {row['name']} is of kind {row['kind']}; delete it to make one of kind {changes['kind']}."
            raise GatewayError(message)
        rules = _of(changes, RULES)
        if rules:
            row = self._gateway.post("/guardrail/update", dict(self.identity, **rules))
        return self._bind(row, _of(changes, HOLDERS))

    def delete(self, row):
        """Deletes it, and with it whom it guarded."""
        self._gateway.post("/guardrail/delete", {"name": row["name"]})

    def _bind(self, row, wanted):
        for option, ids in wanted.items():
            holder = HOLDERS[option]
            held = set(self._held(row, option))
            steps = [("bind", one) for one in ids if one not in held] + [("unbind", one) for one in held - set(ids)]
            for step, one in steps:
                row = self._gateway.post(f"/guardrail/{step}", dict(self.identity, holder=holder, id=one))
        return row

    def _held(self, row, option):
        """Names those whose calls are guarded as the option does: a key by its alias or by its hash."""
        wanted = self.wanted.get(option) or ()
        return [_name(binding, wanted) for binding in row["bindings"] if binding["holder"] == HOLDERS[option]]


def find(gateway, params):
    """Lists all guardrails, or that of C(name)."""
    rows = gateway.get("/guardrail/list")["guardrails"]
    return [row for row in rows if params["name"] in (None, row["name"])]


def _name(binding, wanted):
    alias = binding.get("key_alias")
    return alias if alias in wanted else binding.get("key_hash") or binding["id"]


def _of(values, names):
    return {name: values[name] for name in names if name in values}
