# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Asks a gateway over HTTPS, as its users will, until it answers."""

from __future__ import annotations

import ssl
import time
import urllib.error
import urllib.request

PATH = "/v1/models"
PAUSE_SECONDS = 2
REQUEST_SECONDS = 10


def trust(authorities):
    """Builds a TLS context that trusts the system's authorities and the given ones.

    Args:
        authorities: PEM text; may be empty.

    Returns:
        The context.
    """
    context = ssl.create_default_context()
    if authorities:
        context.load_verify_locations(cadata=authorities)
    return context


def until_answers(url, key, context, timeout):
    """Asks until the gateway lists its models for the key.

    Args:
        url: Base URL of the gateway.
        key: Its master key.
        context: TLS context; see trust.
        timeout: Seconds to go on asking.

    Returns:
        None, or the sentence that says what the last answer was.
    """
    deadline = time.monotonic() + timeout
    while True:
        problem = _ask(url, key, context)
        if problem is None or time.monotonic() + PAUSE_SECONDS >= deadline:
            return problem
        time.sleep(PAUSE_SECONDS)


def _ask(url, key, context):
    request = urllib.request.Request(url + PATH, headers={"Authorization": f"Bearer {key}"})  # noqa: S310  (our own https URL)
    try:
        with urllib.request.urlopen(request, timeout=REQUEST_SECONDS, context=context):  # noqa: S310  (same)
            return None
    except urllib.error.HTTPError as error:
        return f"{url}{PATH} answers {error.code} {error.reason}"
    except (urllib.error.URLError, OSError) as error:
        return f"{url}{PATH} does not answer: {getattr(error, 'reason', error)}"
