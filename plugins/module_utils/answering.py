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


def opener(authorities):
    """Builds what opens URLs: it trusts the system's authorities and the given ones, and uses the machine's proxies.

    Args:
        authorities: PEM text; may be empty.

    Returns:
        An opener of urllib.
    """
    context = ssl.create_default_context()
    if authorities:
        context.load_verify_locations(cadata=authorities)
    return urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))


def until_answers(url, key, browser, timeout):
    """Asks until the gateway lists its models for the key.

    Args:
        url: Base URL of the gateway.
        key: Its master key.
        browser: See opener.
        timeout: Seconds to go on asking.

    Returns:
        None, or the sentence that says what the last answer was.
    """
    deadline = time.monotonic() + timeout
    while True:
        problem = _ask(url, key, browser)
        if problem is None or time.monotonic() + PAUSE_SECONDS >= deadline:
            return problem
        time.sleep(PAUSE_SECONDS)


def _ask(url, key, browser):
    request = urllib.request.Request(url + PATH, headers={"Authorization": f"Bearer {key}"})  # noqa: S310  (our own URL)
    try:
        with browser.open(request, timeout=REQUEST_SECONDS):
            return None
    except urllib.error.HTTPError as error:
        return f"{url}{PATH} answers {error.code} {error.reason}"
    except (urllib.error.URLError, OSError) as error:
        return f"{url}{PATH} does not answer: {getattr(error, 'reason', error)}"
