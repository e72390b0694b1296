# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Hands messages and data of a deployment to AgnosticD, which shows them to the lab's users.

Where AgnosticD's own action C(agnosticd_user_info) is installed, it is called; elsewhere the same files are written in its
format: C(<ACTION>-user-info.yaml), a list of messages, and C(<ACTION>-user-data.yaml), data with a part for each user.
"""

from __future__ import annotations

import importlib.util
import json
import os

import yaml
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import action_loader

AGNOSTICD = ("agnosticd.core.agnosticd_user_info", "agnosticd_user_info")


class ActionModule(ActionBase):
    """Arguments: C(messages), C(data), and C(users), which holds data by user."""

    TRANSFERS_FILES = False
    _VALID_ARGS = frozenset(("messages", "data", "users"))

    def run(self, tmp=None, task_vars=None):
        """Stores the information; changes nothing on the cluster."""
        result = super().run(tmp, task_vars)
        self._supports_check_mode = True
        arguments = self._task.args
        messages, data, users = (
            arguments.get("messages") or [],
            arguments.get("data") or {},
            arguments.get("users") or {},
        )
        if not self._play_context.check_mode:
            theirs = next((name for name in AGNOSTICD if _installed(name)), None)
            if theirs:
                self._delegate(theirs, messages, data, users, task_vars)
            else:
                _write(
                    self._variable(task_vars, "output_dir", "playbook_dir"),
                    self._action(task_vars),
                    messages,
                    data,
                    users,
                )
        result.update(changed=False, data=data, users=users)
        return result

    def _delegate(self, theirs, messages, data, users, task_vars):
        calls = [{"msg": message} for message in messages]
        calls += [{"data": data}] if data else []
        calls += [{"user": user, "data": values} for user, values in users.items()]
        for arguments in calls:
            task = self._task.copy()
            task.args = arguments
            action = action_loader.get(
                theirs,
                task=task,
                connection=self._connection,
                play_context=self._play_context,
                loader=self._loader,
                templar=self._templar,
                shared_loader_obj=self._shared_loader_obj,
            )
            answer = action.run(task_vars=task_vars)
            if answer.get("failed"):
                raise AnsibleActionFail(f"agnosticd_user_info: {answer.get('error') or answer.get('msg')}")

    def _action(self, task_vars):
        return self._variable(task_vars, "ACTION") or "provision"

    def _variable(self, task_vars, *names):
        """Reads the first variable that is set; AgnosticD keeps its own on localhost."""
        local = task_vars.get("hostvars", {}).get("localhost", {})
        for name in names:
            value = task_vars.get(name) or local.get(name)
            if value:
                return self._templar.template(value)
        return None


def _installed(name):
    """Tells whether an action is there; asking for one of a collection that is not installed would warn."""
    package = name.rpartition(".")[0]
    try:
        found = not package or importlib.util.find_spec(f"ansible_collections.{package}") is not None
    except ModuleNotFoundError:
        found = False
    return found and action_loader.has_plugin(name)


def _write(folder, action, messages, data, users):
    folder = folder or "."
    path = os.path.join(folder, f"{action}-user-data.yaml")
    stored = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            stored = yaml.safe_load(file) or {}
    stored.update(data)
    for user, values in users.items():
        stored.setdefault("users", {}).setdefault(user, {}).update(values)
    _replace(path, yaml.safe_dump(_plain(stored), explicit_start=True))
    # AgnosticD appends. A second run must show nothing twice, nor a password that is no longer true: what was said under
    # the same heading is replaced.
    info = os.path.join(folder, f"{action}-user-info.yaml")
    said = []
    if os.path.exists(info):
        with open(info, encoding="utf-8") as file:
            said = yaml.safe_load(file) or []
    headings = {_heading(message) for message in messages}
    said = [message for message in said if _heading(message) not in headings] + list(messages)
    _replace(info, "".join(f"- {json.dumps(message)}\n" for message in said))


def _heading(message):
    return message.partition(": ")[0]


def _plain(value):
    """Strips Ansible's own string types, which a YAML writer does not know."""
    return json.loads(json.dumps(value))


def _replace(path, text):
    """Writes a file whole, for its owner only: it holds passwords."""
    temporary = f"{path}.new"
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)
