# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""A pooled, thread-safe connection to one API server.

The typed and dynamic clients of the C(kubernetes) package cost more per call than the API server does, so only its
configuration loading (exec plugins, client certificates, service account) and its HTTP pool are used, and these only where
a kubeconfig is not a plain one. Requests that can be
repeated safely are repeated when the server is busy or the connection breaks.
"""

from __future__ import annotations

import json
import os
import random
import time
from urllib.parse import urlencode

from .errors import ApiError, ClusterError
from .kubeconfig import Access, plain

ARGUMENT_SPEC = {
    "kubeconfig": {"type": "path"},
    "context": {"type": "str"},
    "host": {"type": "str"},
    "api_key": {"type": "str", "no_log": True},
    "ca_cert": {"type": "path"},
}

APPLY_PATCH = "application/apply-patch+yaml"
MERGE_PATCH = "application/merge-patch+json"

# How releases of the client library name the bearer token.
_TOKENS = ("authorization", "BearerToken")

ATTEMPTS = 6
TIMEOUT_SECONDS = 30
BUSY = frozenset({429, 500, 502, 503, 504})


def connect(params, connections=8):
    """Opens the connection that the module's parameters, the environment or the machine describe.

    Args:
        params: Module parameters, of which C(ARGUMENT_SPEC)'s are used.
        connections: Sockets to keep, at least one for each thread.

    Returns:
        A Connection.

    Raises:
        ClusterError: The client library is missing or no configuration was found.
    """
    host = params.get("host") or os.environ.get("K8S_AUTH_HOST")
    path = params.get("kubeconfig") or os.environ.get("K8S_AUTH_KUBECONFIG")
    context = params.get("context") or os.environ.get("K8S_AUTH_CONTEXT")
    try:
        access = None if host else plain(path, context, connections)
        return Connection(access or _by_package(params, host, path, context, connections))
    except ImportError as error:
        message = (
            "The Python package 'kubernetes' is missing: pip install kubernetes, for the Python that runs Ansible."
        )
        raise ClusterError(message) from error


def _by_package(params, host, path, context, connections):
    """Opens whatever the kubernetes package can."""
    from kubernetes import client, config  # noqa: PLC0415  (its import takes a third of a second, and may fail)

    configuration = client.Configuration()
    configuration.connection_pool_maxsize = connections
    if host:
        configuration.host = host
        configuration.ssl_ca_cert = params.get("ca_cert") or os.environ.get("K8S_AUTH_SSL_CA_CERT")
        configuration.api_key["authorization"] = params.get("api_key") or os.environ.get("K8S_AUTH_API_KEY", "")
        configuration.api_key_prefix["authorization"] = "Bearer"
    else:
        try:
            config.load_kube_config(config_file=path, context=context, client_configuration=configuration)
        except (config.ConfigException, OSError) as error:
            _load_service_account(config, configuration, path, error)

    def authorization():
        names = [name for name in _TOKENS if name in configuration.api_key]
        return configuration.get_api_key_with_prefix(names[-1]) if names else None

    return Access(configuration.host.rstrip("/"), client.ApiClient(configuration).rest_client.pool_manager, authorization)


def _load_service_account(config, configuration, path, error):
    """Inside a pod without a kubeconfig the pod's own service account speaks."""
    try:
        if path:
            raise config.ConfigException(str(error))
        config.load_incluster_config(client_configuration=configuration)
    except config.ConfigException:
        message = f"No cluster to talk to: {str(error).rstrip('.')}. Log in with 'oc login', or set KUBECONFIG."
        raise ClusterError(message) from error


class Connection:
    """Sends requests to one API server and counts them."""

    def __init__(self, access):
        self.host, self._pool, self._authorization = access

    def get(self, path, **query):
        """Reads an object or a list; see request."""
        return self.request("GET", path, query=query)

    def get_or_none(self, path):
        """Reads an object that may be absent.

        Returns:
            The object, or None where the server answers 404.
        """
        try:
            return self.get(path)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def request(self, method, path, body=None, query=None, content_type="application/json"):
        """Sends one request and reads its JSON answer.

        Args:
            method: HTTP method.
            path: Path below the server's address.
            body: A JSON-able value.
            query: Query parameters; None values are left out.
            content_type: Of the body.

        Returns:
            The decoded answer.

        Raises:
            ApiError: The server refused.
            ClusterError: The server could not be reached.
        """
        payload = None if body is None else json.dumps(body).encode()
        for attempt in range(1, ATTEMPTS + 1):
            response = self._send(method, path, payload, query, content_type, last=attempt == ATTEMPTS)
            if response is not None and (response.status not in BUSY or attempt == ATTEMPTS):
                return self._answer(response)
            time.sleep(_pause(attempt, response))
        raise ClusterError(f"The API server at {self.host} does not answer.")

    def upload(self, path, content, timeout_seconds):
        """Sends bytes, once: an upload may have had its effect although its answer is lost.

        Args:
            path: Path below the server's address.
            content: The bytes.
            timeout_seconds: How long the server may take to answer.

        Returns:
            The decoded answer.

        Raises:
            ApiError: The server refused.
            ClusterError: The server could not be reached.
        """
        return self._answer(self._send("POST", path, content, None, "application/octet-stream", True, timeout_seconds))

    def stream(self, path, query, timeout_seconds):
        """Yields the events of a watch until the server ends it.

        Args:
            path: Path of the collection.
            query: Query parameters of the watch.
            timeout_seconds: How long the server shall keep it open.

        Yields:
            Decoded watch events.
        """
        query = dict(query, watch="true", timeoutSeconds=max(1, int(timeout_seconds)), allowWatchBookmarks="true")
        response = self._open("GET", path, None, query, "application/json", preload=False, read=timeout_seconds + 10)
        try:
            if response.status != 200:
                response.read()
                self._answer(response)
            pending = b""
            for chunk in response.stream(65536):
                pending += chunk
                *lines, pending = pending.split(b"\n")
                for line in lines:
                    if line.strip():
                        yield json.loads(line)
        finally:
            response.close()
            response.release_conn()

    def _send(self, method, path, payload, query, content_type, last, read=TIMEOUT_SECONDS):
        """One attempt; None when the connection broke and another may help."""
        from urllib3.exceptions import HTTPError, SSLError  # noqa: PLC0415  (comes with the kubernetes package)

        try:
            return self._open(method, path, payload, query, content_type, read=read)
        except SSLError as error:
            message = (
                f"The certificate of the API server at {self.host} is not trusted: {error}. Check the kubeconfig's CA."
            )
            raise ClusterError(message) from error
        except HTTPError as error:
            # Repeating is safe for creations too: the second one answers 409, which their callers expect.
            if last or _refused(error):
                message = f"The API server at {self.host} cannot be reached: {error}"
                raise ClusterError(message) from error
            return None

    def _open(self, method, path, payload, query, content_type, preload=True, read=TIMEOUT_SECONDS):
        from urllib3 import Timeout  # noqa: PLC0415  (comes with the kubernetes package)

        pairs = {name: value for name, value in (query or {}).items() if value is not None}
        url = self.host + path + (("?" + urlencode(pairs)) if pairs else "")
        headers = {"Accept": "application/json", "User-Agent": "rhpds.litemaas"}
        authorization = self._authorization()
        if authorization:
            headers["Authorization"] = authorization
        if payload is not None:
            headers["Content-Type"] = content_type
        timeout = Timeout(connect=10, read=read)
        return self._pool.request(
            method, url, body=payload, headers=headers, timeout=timeout, retries=False, preload_content=preload
        )

    def _answer(self, response):
        text = response.data.decode() if response.data else ""
        try:
            answer = json.loads(text) if text else {}
        except ValueError:
            answer = {"message": text[:300]}
        if response.status < 400:
            return answer
        message = answer.get("message") or f"HTTP {response.status}"
        if response.status == 401:
            message = f"The API server at {self.host} does not accept our login: log in anew with 'oc login'."
        raise ApiError(response.status, answer.get("reason", ""), message, answer.get("details"))


def _refused(error):
    """Tells whether nothing listens there or the name is unknown: then repeating only costs the operator time."""
    text = f"{type(error).__name__} {error}"
    return any(sign in text for sign in ("NewConnectionError", "NameResolutionError", "ConnectTimeout"))


def _pause(attempt, response):
    """Seconds before the next attempt: what the server asked for, else doubling with jitter, at most five."""
    asked = response.headers.get("Retry-After") if response is not None else None
    if asked and asked.isdigit():
        return min(int(asked), 10)
    return min(0.2 * 2**attempt, 5) * random.uniform(0.5, 1)  # noqa: S311  (jitter is not cryptography)
