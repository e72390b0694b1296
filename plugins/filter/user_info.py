# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""The variables that lab content (Showroom) and AgnosticD know: the names of every generation, with URLs that exist."""

from __future__ import annotations

DOCUMENTATION = r"""
name: user_info
short_description: Build what AgnosticD stores about a deployment
version_added: 0.2.0
description:
  - For labs, numbered variables for all and plain ones for each user; otherwise the variables of a single instance.
options:
  _input:
    description: The instances with their credentials (RV(rhpds.litemaas.credentials#module:instances)).
    type: list
    elements: dict
    required: true
  facts:
    description: More variables to store, whatever the mode.
    type: dict
    default: {}
  virtual_keys:
    description: Texts of the virtual keys, by namespace and then by alias.
    type: dict
    default: {}
  frontend:
    description: Whether the user UI has a host of its own; else people use the admin host.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Build the variables
  ansible.builtin.set_fact:
    info: "{{ instances | rhpds.litemaas.user_info(frontend=true) }}"
"""

RETURN = r"""
_value:
  description: A dictionary with C(messages), C(data) and C(users), as RV(rhpds.litemaas.access_data#module:data) stores them.
  type: dict
"""


def user_info(instances, facts=None, frontend=False, virtual_keys=None):
    """Builds messages, data and per-user data; see DOCUMENTATION."""
    data = dict(facts or {})
    users, messages = {}, []
    for instance in instances:
        plain = dict(_plain(instance, frontend), **_issued((virtual_keys or {}).get(instance["namespace"])))
        if instance["user"]:
            users[instance["user"]] = plain
            data.update(
                {f"litemaas_user{instance['number']}_{name[len('litemaas_') :]}": plain[name] for name in plain}
            )
        else:
            data.update(plain, **_single(instance))
            messages = _messages(instance, frontend)
    return {"messages": messages, "data": data, "users": users}


def _plain(instance, frontend):
    values = instance["values"]
    return {
        "litemaas_url": instance["api_url"],
        "litemaas_admin_url": instance["admin_url"],
        "litemaas_frontend_url": instance["frontend_url"] if frontend else instance["admin_url"],
        "litemaas_namespace": instance["namespace"],
        "litemaas_username": values["UI_USERNAME"],
        "litemaas_password": values["UI_PASSWORD"],
        "litemaas_api_key": values["LITELLM_MASTER_KEY"],
    }


def _issued(keys):
    """The virtual keys that the deployment declares, and the first of them by itself; nothing where there are none."""
    return {"litemaas_virtual_keys": keys, "litemaas_virtual_key": next(iter(keys.values()))} if keys else {}


def _single(instance):
    values = instance["values"]
    return {
        "litellm_admin_url": instance["admin_url"],
        "litellm_api_endpoint": instance["api_url"],
        "litellm_admin_username": values["UI_USERNAME"],
        "litellm_admin_password": values["UI_PASSWORD"],
        "litemaas_admin_api_key": values["LITELLM_MASTER_KEY"],
    }


def _messages(instance, frontend):
    values = instance["values"]
    messages = [
        f"LiteLLM Admin Portal: {instance['admin_url']}",
        f"User API Endpoint: {instance['api_url']}",
        f"LiteLLM Admin Login: {values['UI_USERNAME']} / {values['UI_PASSWORD']}",
    ]
    if frontend:
        messages.append(f"LiteMaaS User Interface: {instance['frontend_url']}")
    return messages


class FilterModule:
    """Makes the filter known to Ansible."""

    def filters(self):
        """Names the filter."""
        return {"user_info": user_info}
