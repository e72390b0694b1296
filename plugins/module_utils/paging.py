# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Lists that a gateway answers page by page."""

from __future__ import annotations


def pages(read, name):
    """Reads all pages.

    Args:
        read: From a page's number, 1 being the first, to the gateway's answer.
        name: Of the rows in an answer.

    Returns:
        The rows of all pages.
    """
    rows, page, last = [], 1, 1
    while page <= last:
        answer = read(page)
        rows += answer[name]
        last = answer["total_pages"]
        page += 1
    return rows
