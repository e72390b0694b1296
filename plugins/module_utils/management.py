# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""A client of one gateway's management API.

Its options' documentation is the fragment C(gateway). Authorities are added to those of the system, because a gateway may
have a public certificate or one of the cluster's own; hence the opener of C(answering) and not C(ansible.module_utils.urls),
which trusts either the one or the other.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from urllib.parse import quote, urlencode

from ansible.module_utils.basic import env_fallback

from .answering import opener
from .errors import GatewayError

ARGUMENT_SPEC = {
    "url": {"type": "str", "required": True, "fallback": (env_fallback, ["LITEMAAS_URL"])},
    "master_key": {
        "type": "str",
        "required": True,
        "no_log": True,
        "fallback": (env_fallback, ["LITELLM_MASTER_KEY"]),
    },
    "authorities": {"type": "str", "default": ""},
    "timeout": {"type": "int", "default": 30},
}


def connect(params):
    """Opens the gateway that a module's parameters name.

    Args:
        params: Module parameters, of which C(ARGUMENT_SPEC)'s are used.

    Returns:
        A Gateway.

    Raises:
        GatewayError: The URL or the authorities cannot be right.
    """
    return Gateway(params["url"], params["master_key"], trusting(params["authorities"]), params["timeout"])


def trusting(authorities):
    """Builds what opens URLs; see answering.opener.

    Raises:
        GatewayError: The authorities are no certificates.
    """
    try:
        return opener(authorities)
    except (OSError, ValueError) as error:
        message = f"The authorities are no PEM certificates: {error}."
        raise GatewayError(message) from error


def path_part(text):
    """Quotes text for a place in a path."""
    return quote(text, safe="")


class Gateway:
    """Sends requests to one gateway with its master key.

    Args:
        url: Base URL, with or without C(/v1).
        master_key: Its master key.
        browser: What opens URLs; see trusting.
        timeout: Seconds that an answer may take.

    Raises:
        GatewayError: The URL is none.
    """

    def __init__(self, url, master_key, browser, timeout=30):
        self.url = url.rstrip("/")
        if self.url.endswith("/v1"):
            self.url = self.url[: -len("/v1")]
        if not self.url.startswith(("http://", "https://")):
            message = f"The gateway's URL begins with https://, not {url!r}."
            raise GatewayError(message)
        self.master_key = master_key
        self._browser = browser
        self._timeout = timeout

    def get(self, path, **query):
        """Reads; see request."""
        return self.request("GET", path + "?" + urlencode(query) if query else path)

    def get_or_none(self, path, **query):
        """Reads what may be absent: None where the gateway answers 404."""
        try:
            return self.get(path, **query)
        except GatewayError as error:
            if error.status == 404:
                return None
            raise

    def post(self, path, body):
        """Writes; see request."""
        return self.request("POST", path, body)

    def request(self, method, path, body=None):
        """Sends one request and reads its JSON answer.

        Args:
            method: HTTP method.
            path: Path and query below the gateway's URL.
            body: A JSON-able value.

        Returns:
            The decoded answer.

        Raises:
            GatewayError: The gateway refused, could not be reached, or is something else.
        """
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.master_key}", "Content-Type": "application/json"},
            method=method,
        )
        where = f"{self.url}{path.partition('?')[0]}"
        try:
            with self._browser.open(request, timeout=self._timeout) as response:
                return json.loads(response.read())
        except urllib.error.HTTPError as error:
            raise self._refusal(where, error) from error
        except (urllib.error.URLError, OSError) as error:
            message = f"{self.url} does not answer: {getattr(error, 'reason', error)}."
            raise GatewayError(message) from error
        except ValueError as error:
            message = f"{where} answers no JSON: is it a LiteMaaS gateway?"
            raise GatewayError(message) from error

    def _refusal(self, where, error):
        if error.code == 401:
            return GatewayError(f"{self.url} does not accept the master key.", error.code)
        try:
            said = json.loads(error.read())["error"]["message"]
        except (ValueError, KeyError, TypeError):
            return GatewayError(f"{where} answers {error.code} {error.reason}.", error.code)
        return GatewayError(said.replace(self.master_key, "…"), error.code)
