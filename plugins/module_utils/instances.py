# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""The instances of a deployment: their names, namespaces and hosts. These names are a published interface."""

from __future__ import annotations

CALLBACK_PATH = "/api/auth/callback"


def single(namespace, domain, route_name, hosts=None):
    """Lays out a single or highly available instance.

    Args:
        namespace: Its namespace.
        domain: Domain of the cluster's applications.
        route_name: Last part of the API host.
        hosts: Hosts that replace the computed ones, by C(admin), C(api) and C(frontend); empty ones do not count.

    Returns:
        The instance; see _instance.
    """
    given = {name: host for name, host in (hosts or {}).items() if host}
    computed = {
        "admin": f"litellm-admin.{domain}",
        "api": f"litellm-{route_name}.{domain}",
        "frontend": f"litellm-frontend.{domain}",
    }
    return _instance(namespace, "", 0, dict(computed, **given))


def lab(prefix, count, domain, route_name):
    """Lays out one instance for each user of a lab.

    Args:
        prefix: Users are C(<prefix>1) and so on.
        count: Number of users.
        domain: Domain of the cluster's applications.
        route_name: Last part of the API hosts.

    Returns:
        The instances in the order of their numbers.
    """
    users = [(number, f"{prefix}{number}") for number in range(1, count + 1)]
    return [
        _instance(
            f"litemaas-{user}",
            user,
            number,
            {
                "admin": f"litellm-admin-{user}.{domain}",
                "api": f"litellm-{user}-{route_name}.{domain}",
                "frontend": f"litellm-frontend-{user}.{domain}",
            },
        )
        for number, user in users
    ]


def _instance(namespace, user, number, hosts):
    return {
        "namespace": namespace,
        "user": user,
        "number": number,
        "admin_host": hosts["admin"],
        "api_host": hosts["api"],
        "frontend_host": hosts["frontend"],
        "admin_url": f"https://{hosts['admin']}",
        "api_url": f"https://{hosts['api']}",
        "frontend_url": f"https://{hosts['frontend']}",
        "redirect_uris": [f"https://{hosts[name]}{CALLBACK_PATH}" for name in ("admin", "frontend")],
    }
