# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""What modules share that work on many gateways at the same time; their options' documentation is the fragment C(gateway.many)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

THREADS = 16

ARGUMENT_SPEC = {
    "gateways": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "namespace": {"type": "str", "required": True},
            "url": {"type": "str", "required": True},
            "key": {"type": "str", "required": True, "no_log": True},
        },
    },
    "authorities": {"type": "str", "default": ""},
}


def at_once(work, gateways):
    """Does something on every gateway.

    Args:
        work: From one of the option C(gateways) to its outcome.
        gateways: The option.

    Returns:
        The outcomes, in the order of the gateways.
    """
    with ThreadPoolExecutor(THREADS) as workers:
        return list(workers.map(work, gateways))
