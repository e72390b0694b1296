"""The management API as the command line sees it: JSON in, JSON out, errors as sentences.

Standard library only, because `litemaas up` uses it too and stays in memory. Numbers with a fraction come back as
`Decimal`, so that money is shown as it was counted.
"""

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from litemaas.cli.errors import ApiError, SetupError

_UNAUTHORIZED = 401
_OK = range(200, 300)
_LONGEST_ERROR_TEXT = 500
_PIECE_BYTES = 64 * 1024


class Client:
    """Calls one LiteMaaS with one key."""

    def __init__(self, url: str, key: str, *, timeout: float = 60.0) -> None:
        """Prepare calls; nothing is sent yet.

        Args:
            url: Where LiteMaaS is, `http://` or `https://`; a path in it is a prefix of all paths.
            key: The master key, or any key that may do what is asked.
            timeout: Seconds that one read or write may take.

        Raises:
            SetupError: The URL or the key cannot be used.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SetupError(f"{url} is not the URL of a LiteMaaS: it must begin with http:// or https://.")
        if not (key.isascii() and key.isprintable()):
            raise SetupError("The key holds characters that no key has: check the variable it comes from.")
        self.url = url.rstrip("/")
        self._parts = parts
        self._headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
        self._timeout = timeout

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Any:
        """Return the answer to `GET path`.

        Raises:
            ApiError: LiteMaaS answered with an error.
            SetupError: It cannot be reached, or refuses the key.
        """
        return self._call("GET", f"{path}?{urlencode(query)}" if query else path, None)

    def download(self, path: str, query: Mapping[str, str | int]) -> Iterator[bytes]:
        """Yield the pieces of a long answer to `GET path` as they come; raises as `get` does."""
        with self._answering("GET", f"{path}?{urlencode(query)}", None) as response:
            if response.status not in _OK:
                self._decode(response, response.read())
            while piece := response.read(_PIECE_BYTES):
                yield piece

    def post(self, path: str, body: Mapping[str, object]) -> Any:
        """Return the answer to `POST path`; raises as `get` does."""
        return self._call("POST", path, body)

    def patch(self, path: str, body: Mapping[str, object]) -> Any:
        """Return the answer to `PATCH path`; raises as `get` does."""
        return self._call("PATCH", path, body)

    def _call(self, method: str, path: str, body: Mapping[str, object] | None) -> Any:
        with self._answering(method, path, body) as response:
            text = response.read()
        return self._decode(response, text)

    @contextmanager
    def _answering(self, method: str, path: str, body: Mapping[str, object] | None) -> Iterator[HTTPResponse]:
        connection = self._connection()
        headers = self._headers if body is None else self._headers | {"Content-Type": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        try:
            connection.request(method, self._parts.path.rstrip("/") + path, content, headers)
            yield connection.getresponse()
        except ssl.SSLCertVerificationError as error:
            raise SetupError(
                f"The certificate of {self.url} is not trusted ({error.verify_message}): "
                "name its CA's file in the variable SSL_CERT_FILE."
            ) from error
        except TimeoutError as error:
            raise SetupError(
                f"LiteMaaS at {self.url} did not answer within {self._timeout:.0f} s: look at its log, then try again."
            ) from error
        except (OSError, HTTPException) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise SetupError(
                f"LiteMaaS at {self.url} cannot be reached ({reason}): start it with `litemaas up`, "
                "or name another one with --url."
            ) from error
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        return kind(self._parts.hostname or "", self._parts.port, timeout=self._timeout)

    def _decode(self, response: HTTPResponse, text: bytes) -> Any:
        try:
            answer = json.loads(text, parse_float=Decimal)
        except ValueError:
            answer = None
        if response.status == _UNAUTHORIZED:
            raise SetupError(
                f"LiteMaaS at {self.url} refuses the key ({_message(answer, text)}): check the master key."
            )
        if response.status not in _OK:
            raise ApiError(response.status, _message(answer, text) or f"LiteMaaS answered with HTTP {response.status}.")
        if answer is None and text.strip() != b"null":
            raise SetupError(f"What answers at {self.url} is not LiteMaaS: name the right one with --url.")
        return answer


def _message(answer: Any, text: bytes) -> str:
    """Return the sentence of an error in OpenAI's shape, or in FastAPI's, or else the beginning of what came."""
    if isinstance(answer, dict):
        if isinstance(error := answer.get("error"), dict):
            return str(error.get("message", ""))
        if isinstance(detail := answer.get("detail"), str):
            return detail
    return text.decode(errors="replace").strip()[:_LONGEST_ERROR_TEXT]
