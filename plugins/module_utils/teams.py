# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Teams, and who is in them."""

from __future__ import annotations

from . import fields

OPTIONS = dict(
    fields.HOLDER_SPEC,
    team_id={"type": "str", "required": True},
    team_alias={"type": "str"},
    model_aliases={"type": "dict"},
    members={
        "type": "list",
        "elements": "dict",
        "options": {
            "user_id": {"type": "str", "required": True},
            "role": {"type": "str", "choices": ["user", "admin"], "default": "user"},
        },
    },
)


class Team:
    """A team as it shall be; see desired."""

    KIND = "team"
    SECRETS = ()

    def __init__(self, gateway, params):
        self._gateway = gateway
        self.identity = {"team_id": params["team_id"]}
        self.wanted = {
            **fields.holder(params),
            **fields.text(params, ("team_alias",)),
            **fields.given(params, ("model_aliases",)),
        }
        if params["members"] is not None:
            self.wanted["members"] = {one["user_id"]: one["role"] for one in params["members"]}

    def find(self):
        """Reads the team, or None."""
        found = self._gateway.get_or_none("/team/info", **self.identity)
        return found and found["team_info"]

    def present(self, row):
        """The row with roles by member."""
        return dict(row, members={one["user_id"]: one["role"] for one in row["members_with_roles"]})

    def create(self):
        """Creates it with its members; returns its row."""
        body = dict(self.identity, **self.wanted)
        members = body.pop("members", {})
        body["members_with_roles"] = [{"user_id": user, "role": role} for user, role in members.items()]
        return self._gateway.post("/team/new", body)

    def change(self, row, changes):
        """Changes it and who is in it; returns its row."""
        if "members" in changes:
            self._change_members(self.present(row)["members"], changes["members"])
        own = {name: value for name, value in changes.items() if name != "members"}
        if own:
            self._gateway.post("/team/update", dict(self.identity, **own))
        return self.find()

    def delete(self, row):
        """Deletes it with its keys."""
        self._gateway.post("/team/delete", {"team_ids": [row["team_id"]]})

    def _change_members(self, present, wanted):
        added = [{"user_id": user, "role": role} for user, role in wanted.items() if user not in present]
        if added:
            self._gateway.post("/team/member_add", dict(self.identity, member=added))
        for user, role in wanted.items():
            if present.get(user, role) != role:
                self._gateway.post("/team/member_update", dict(self.identity, user_id=user, role=role))
        for user in sorted(present.keys() - wanted.keys()):
            self._gateway.post("/team/member_delete", dict(self.identity, user_id=user))


def find(gateway, params):
    """Lists all teams, or that of C(team_id); without their keys."""
    if params["team_id"]:
        found = gateway.get_or_none("/team/info", team_id=params["team_id"])
        return [found["team_info"]] if found else []
    return [{name: value for name, value in team.items() if name != "keys"} for team in gateway.get("/team/list")]
