# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Users."""

from __future__ import annotations

from . import fields
from .paging import pages

ROLES = {"admin": "proxy_admin", "admin-readonly": "proxy_admin_viewer", "user": "internal_user"}
"""Our roles, and their names on the wire."""

OPTIONS = dict(
    fields.HOLDER_SPEC,
    user_id={"type": "str", "required": True},
    user_email={"type": "str"},
    user_alias={"type": "str"},
    user_role={"type": "str", "choices": list(ROLES)},
)


class User:
    """A user as they shall be; see desired."""

    KIND = "user"
    SECRETS = ()

    def __init__(self, gateway, params):
        self._gateway = gateway
        self.identity = {"user_id": params["user_id"]}
        self.wanted = {**fields.holder(params), **fields.text(params, ("user_email", "user_alias"))}
        if params["user_role"] is not None:
            self.wanted["user_role"] = ROLES[params["user_role"]]

    def find(self):
        """Reads the user, or None."""
        return self._gateway.get_or_none("/v2/user/info", **self.identity)

    def present(self, row):
        """The row itself."""
        return row

    def create(self):
        """Creates them, without the key that the gateway would issue by itself; returns their row."""
        self._gateway.post("/user/new", dict(self.identity, auto_create_key=False, **self.wanted))
        return self.find()

    def change(self, row, changes):
        """Changes them; returns their row."""
        return self._gateway.post("/user/update", dict(self.identity, **changes))["data"]

    def delete(self, row):
        """Deletes them with their keys and memberships."""
        self._gateway.post("/user/delete", {"user_ids": [row["user_id"]]})


def find(gateway, params):
    """Lists all users, or that of C(user_id)."""
    if params["user_id"]:
        found = gateway.get_or_none("/v2/user/info", user_id=params["user_id"])
        return [found] if found else []
    return pages(lambda page: gateway.get("/user/list", page=page, page_size=100), "users")
