# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Writes a PostgreSQL URL as a connection service file, so that no program needs the URL as an argument."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

from ansible.errors import AnsibleFilterError

DOCUMENTATION = r"""
name: service_file
short_description: Write a PostgreSQL URL as a connection service file
version_added: 0.2.0
description:
  - The file says to C(pg_dump) and C(psql) what the URL says, by E(PGSERVICEFILE) and E(PGSERVICE).
options:
  _input:
    description: A C(postgresql://) URL.
    type: str
    required: true
  service:
    description: Name of the service.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Write it
  ansible.builtin.copy:
    content: "{{ 'postgresql://litemaas:secret@db.example.com/litemaas?sslmode=verify-full' | rhpds.litemaas.service_file('main') }}"
    dest: /etc/pg_service.conf
    mode: "0600"
"""

RETURN = r"""
_value:
  description: Content of the file.
  type: str
"""


def service_file(url, service):
    """Writes the file; see DOCUMENTATION.

    Parameters of the URL's query are libpq's own words and so those of the file too
    (https://www.postgresql.org/docs/current/libpq-connect.html).

    Raises:
        AnsibleFilterError: A value would break its line.
    """
    parts = urlsplit(url)
    values = {
        "host": parts.hostname,
        "port": parts.port,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "dbname": unquote(parts.path.lstrip("/")),
    }
    values.update(parse_qsl(parts.query))
    if any(character in str(value) for value in values.values() for character in "\r\n"):
        message = "The URL of the database holds a line break."
        raise AnsibleFilterError(message)
    return f"[{service}]\n" + "".join(f"{name}={value}\n" for name, value in values.items() if value)


class FilterModule:
    """Makes the filter known to Ansible."""

    def filters(self):
        """Names the filter."""
        return {"service_file": service_file}
