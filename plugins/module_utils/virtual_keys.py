# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Virtual keys: named by alias or hash, because their text is shown once."""

from __future__ import annotations

import hashlib

from . import fields
from .errors import GatewayError
from .paging import pages

NEVER = "never"

# What the gateway calls all routes that models are called on; it stores them as no restriction.
ALL_INFERENCE = "llm_api_routes"

KEY_FIELDS = ("tags", "aliases", "model_rpm_limit", "model_tpm_limit", "uses_cache")

OPTIONS = dict(
    fields.HOLDER_SPEC,
    key_alias={"type": "str", "no_log": False},
    key={"type": "str", "no_log": True},
    user_id={"type": "str"},
    team_id={"type": "str"},
    duration={"type": "str"},
    allowed_routes={"type": "list", "elements": "str"},
    tags={"type": "list", "elements": "str"},
    aliases={"type": "dict"},
    model_max_budget={"type": "dict"},
    model_rpm_limit={"type": "dict"},
    model_tpm_limit={"type": "dict"},
    uses_cache={"type": "bool"},
)


class VirtualKey:
    """A virtual key as it shall be; see desired."""

    KIND = "virtual_key"
    SECRETS = ("key",)

    def __init__(self, gateway, params):
        self._gateway = gateway
        self._alias, self._hash = params["key_alias"], params.get("key_hash")
        self._duration = params["duration"]
        self.identity = {"key_alias": self._alias} if self._alias else {"key_hash": self._hash}
        self.wanted = {
            **fields.holder(params),
            **fields.text(params, ("user_id", "team_id")),
            **fields.given(params, KEY_FIELDS),
        }
        if params["allowed_routes"] is not None:
            self.wanted["allowed_routes"] = _routes(params["allowed_routes"])
        if params["model_max_budget"] is not None:
            self.wanted["model_max_budget"] = _model_budgets(params["model_max_budget"])
        if self._duration == NEVER:
            self.wanted["expires"] = None
        if params["key"]:
            self.wanted["key"] = params["key"]

    def find(self):
        """Reads the key, or None."""
        if self._hash:
            return read(self._gateway, self._hash)
        found = self._gateway.get("/key/list", key_alias=self._alias)["keys"]
        return read(self._gateway, found[0]) if found else None

    def present(self, row):
        """The row in the form of what is wanted; the text is compared by its hash."""
        metadata = {name: value for name, value in row["metadata"].items() if name != "tags"}
        text = self.wanted.get("key")
        known = text is not None and hashlib.sha256(text.encode()).hexdigest() == row["token"]
        budgets = {
            model: {name: budget[name] for name in ("max_budget", "budget_duration")}
            for model, budget in row["model_max_budget"].items()
        }
        return dict(row, metadata=metadata, model_max_budget=budgets, key=text if known else fields.UNLIKE)

    def create(self):
        """Issues it; returns its row with its text, which is never shown again.

        Raises:
            GatewayError: It is named by a hash, and only one that is there has a hash.
        """
        if not self._alias:
            message = f"There is no virtual key with the hash {self._hash}; to issue one give it a key_alias."
            raise GatewayError(message)
        body = dict(self.identity, **{name: value for name, value in self.wanted.items() if name != "expires"})
        if self._duration and self._duration != NEVER:
            body["duration"] = self._duration
        return self._gateway.post("/key/generate", body)

    def change(self, row, changes):
        """Changes it; returns its row, with the text if that is new."""
        body = {name: value for name, value in changes.items() if name not in ("key", "expires")}
        if "expires" in changes:
            body["duration"] = None
        if "key" in changes:
            body.update(key=row["token"], new_key=changes["key"])
            return self._gateway.post("/key/regenerate", body)
        self._gateway.post("/key/update", dict(body, key=row["token"]))
        return read(self._gateway, row["token"])

    def delete(self, row):
        """Revokes it."""
        self._gateway.post("/key/delete", {"keys": [row["token"]]})


def read(gateway, key_hash):
    """Reads a key by its hash, or None."""
    found = gateway.get_or_none("/key/info", key=key_hash)
    return found and dict(found["info"], token=key_hash)


def find(gateway, params):
    """Lists keys: all, or those of C(key_alias), C(key_hash), C(user_id), C(team_id)."""
    wanted = {name: params[name] for name in ("key_alias", "key_hash", "user_id", "team_id") if params[name]}
    return pages(
        lambda page: gateway.get("/key/list", page=page, size=100, return_full_object="true", **wanted), "keys"
    )


def _routes(routes):
    return [] if ALL_INFERENCE in routes else [route[:-1] if route.endswith("*") else route for route in routes]


def _model_budgets(budgets):
    """Money by model: an amount, or a dictionary with C(max_budget) and C(budget_duration)."""
    found = {}
    for model, budget in budgets.items():
        budget = budget if isinstance(budget, dict) else {"max_budget": budget}
        amount = budget.get("max_budget", budget.get("budget_limit"))
        if amount is None:
            message = f"model_max_budget needs a max_budget for {model}."
            raise GatewayError(message)
        period = budget.get("budget_duration") or budget.get("time_period")
        found[model] = {"max_budget": fields.number("max_budget", amount), "budget_duration": period}
    return found
