# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Budgets that many keys, users and teams share by name."""

from __future__ import annotations

from . import fields

OPTIONS = dict(fields.LIMITS_SPEC, budget_id={"type": "str", "required": True})


class Budget:
    """A budget as it shall be; see desired."""

    KIND = "budget"
    SECRETS = ()

    def __init__(self, gateway, params):
        self._gateway = gateway
        self.identity = {"budget_id": params["budget_id"]}
        self.wanted = fields.limits(params)

    def find(self):
        """Reads the budget, or None."""
        return next(iter(find(self._gateway, self.identity)), None)

    def present(self, row):
        """The row itself."""
        return row

    def create(self):
        """Creates it; returns its row."""
        return self._gateway.post("/budget/new", dict(self.identity, **self.wanted))

    def change(self, row, changes):
        """Changes it; returns its row."""
        return self._gateway.post("/budget/update", dict(self.identity, **changes))

    def delete(self, row):
        """Deletes it; the gateway refuses while somebody shares it."""
        self._gateway.post("/budget/delete", {"id": row["budget_id"]})


def find(gateway, params):
    """Lists all budgets, or that of C(budget_id)."""
    if params["budget_id"]:
        return gateway.post("/budget/info", {"budgets": [params["budget_id"]]})
    return gateway.get("/budget/list")
