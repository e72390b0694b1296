"""Lists objects through the API server, over our own client: the cluster's authority, certificate checks always on.

Credentials are read anew for each round of questions, as the kubelet renews them on disk.
https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec

from litemaas.providers.errors import UpstreamError
from litemaas.providers.upstream import Upstreams, fetch

_SECONDS = 10.0
_PAGE = 200
_MOST_PAGES = 50
_MOST_CONNECTIONS = 4
_OK = 200


class ApiServerError(Exception):
    """The API server did not answer as asked; the sentence never holds our token.

    Attributes:
        status: What it answered; 0: nothing that we understand.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class ApiServer:
    """One round of questions.

    Args:
        url: Where it is, e.g. `https://10.96.0.1:443`.
        token: Of our service account.
        upstreams: Our HTTP client, which trusts the cluster's authority.
    """

    def __init__(self, url: str, token: str, upstreams: Upstreams) -> None:
        self._url = url
        self._headers = {"Accept": "application/json", "Authorization": f"Bearer {token}"}
        self._upstreams = upstreams

    async def list(self, path: str, *, labels: str = "") -> list[dict[str, Any]]:
        """All objects of a kind.

        Args:
            path: Of the kind, e.g. `/api/v1/namespaces`.
            labels: Label selector; empty: all.

        Raises:
            ApiServerError: It refuses, does not know the kind, or does not answer.
        """
        found: list[dict[str, Any]] = []
        query = {"limit": str(_PAGE), **({"labelSelector": labels} if labels else {})}
        for _ in range(_MOST_PAGES):
            answer = await self._get(f"{path}?{urlencode(query)}")
            found += answer.get("items") or []
            following = (answer.get("metadata") or {}).get("continue")
            if not following:
                return found
            query["continue"] = following
        raise ApiServerError(f"The API server lists more than {_PAGE * _MOST_PAGES} objects at {path}.")

    async def _get(self, path: str) -> dict[str, Any]:
        try:
            answer = await fetch(self._upstreams, "GET", f"{self._url}{path}", headers=self._headers, timeout=_SECONDS)
        except (UpstreamError, ValueError) as error:
            raise ApiServerError(f"The API server does not answer: {error}") from error
        if answer.status != _OK:
            raise ApiServerError(f"The API server answers with status {answer.status}.", answer.status)
        try:
            return msgspec.json.decode(answer.body, type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise ApiServerError("The API server answers with no JSON object.") from error


@asynccontextmanager
async def asking(url: str, folder: Path) -> AsyncIterator[ApiServer]:
    """The API server at `url`, to be asked with the service account that is mounted in `folder`.

    Raises:
        ApiServerError: There is no service account.
    """
    try:
        token = (folder / "token").read_text().strip()
        upstreams = Upstreams(_MOST_CONNECTIONS, str(folder / "ca.crt"))
    except (OSError, ssl.SSLError) as error:
        raise ApiServerError(f"There is no service account in {folder}.") from error
    try:
        yield ApiServer(url, token, upstreams)
    finally:
        upstreams.close()
