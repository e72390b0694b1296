"""Finds model servers that already run on this machine, and asks an endpoint for its models.

It runs in the supervisor of `litemaas up`, which is to stay small: standard library only. What answers on a well-known
port need not be a model server, so nothing is believed: no redirect is followed, no more than 1 MB is read, and the
whole exchange has one deadline, however slowly the other side drips.
"""

import json
import socket
import ssl
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from threading import Event, Timer
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

USUAL_PORTS: Mapping[str, int] = {"Ollama": 11434, "vLLM": 8000, "llama.cpp": 8080, "LM Studio": 1234}
"""Where these servers listen unless told otherwise."""

_MAX_BYTES = 1 << 20
_DEFAULT_PORTS = {"http": 80, "https": 443}


class ModelListError(Exception):
    """An endpoint did not list its models; the message says why and never holds the key."""


@dataclass(frozen=True)
class LocalServer:
    """A model server on this machine.

    Attributes:
        name: The program that usually listens on its port.
        url: Its OpenAI base URL, ending in `/v1`.
        models: Ids of its models; empty if it runs and has none.
    """

    name: str
    url: str
    models: list[str]


def find_local_servers(timeout: float = 0.5, ports: Mapping[str, int] = USUAL_PORTS) -> list[LocalServer]:
    """Return the OpenAI-compatible servers that answer on 127.0.0.1, in the order of `ports`.

    Args:
        timeout: Seconds that all of them together have.
        ports: What to look for, and where.
    """

    def probe(name: str) -> LocalServer | None:
        url = f"http://127.0.0.1:{ports[name]}/v1"
        try:
            return LocalServer(name, url, list_models(url, timeout=timeout))
        except ModelListError:
            return None

    with ThreadPoolExecutor(max_workers=max(len(ports), 1)) as pool:
        return [server for server in pool.map(probe, ports) if server is not None]


def list_models(url: str, api_key: str | None = None, timeout: float = 5.0) -> list[str]:
    """Return the ids of an endpoint's models, in its order.

    Args:
        url: OpenAI base URL, e.g. `http://127.0.0.1:11434/v1`; with `https`, certificates are checked.
        api_key: Sent as bearer token.
        timeout: Seconds for the whole exchange.

    Raises:
        ModelListError: If there is no answer in time, or another one than a list of models.
    """
    endpoint = urlsplit(f"{url.rstrip('/')}/models")
    if endpoint.scheme not in _DEFAULT_PORTS or not endpoint.hostname:
        raise ModelListError("An endpoint's URL must begin with http:// or https:// and a host.")
    if api_key and not (api_key.isascii() and api_key.isprintable()):
        raise ModelListError("The API key has characters that cannot be sent.")
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {api_key}"} if api_key else {})
    try:
        return _model_ids(json.loads(_get(endpoint, headers, timeout)))
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        # Not the URL: people write credentials into URLs.
        raise ModelListError(f"{endpoint.hostname} does not list its models: {error}") from error


def _get(endpoint: SplitResult, headers: dict[str, str], timeout: float) -> bytes:
    host = endpoint.hostname or ""
    began = monotonic()
    raw = socket.create_connection((host, endpoint.port or _DEFAULT_PORTS[endpoint.scheme]), timeout)
    with raw, _deadline(raw, timeout - (monotonic() - began), timeout):
        connection = HTTPConnection(host, endpoint.port)
        with closing(connection):
            connection.sock = raw
            if endpoint.scheme == "https":
                connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
            connection.request("GET", endpoint.path, headers=headers)
            response = connection.getresponse()
            body = response.read(_MAX_BYTES + 1)
    if response.status != HTTPStatus.OK:
        raise ValueError(f"it answers with status {response.status}")
    if len(body) > _MAX_BYTES:
        raise ValueError("its answer is larger than 1 MB")
    return body


@contextmanager
def _deadline(connection: socket.socket, remaining: float, timeout: float) -> Iterator[None]:
    """Cut a connection after `remaining` seconds; a socket's own time-out would start anew at each byte."""
    with connection.dup() as end:  # of our own, since TLS takes the descriptor away from `connection`
        expired = Event()

        def cut() -> None:
            expired.set()
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

        timer = Timer(max(remaining, 0), cut)
        timer.start()
        try:
            yield
        except TimeoutError:  # the socket's own, a moment before ours
            expired.set()
        except (OSError, HTTPException):
            if not expired.is_set():
                raise
        finally:
            timer.cancel()
            timer.join()
        if expired.is_set():
            raise TimeoutError(f"it does not answer within {timeout:g} s")


def _model_ids(answer: Any) -> list[str]:
    try:
        ids = [model["id"] for model in answer["data"] or ()]  # Ollama without a model says null
    except (KeyError, TypeError) as error:
        raise ValueError("its answer is not a list of models") from error
    if not all(isinstance(model_id, str) for model_id in ids):
        raise ValueError("its models have no names")
    return ids
