"""Makes one small call through the library, for somebody who wants to know whether it works."""

from typing import Any

import msgspec

from litemaas.providers.errors import UpstreamError
from litemaas.providers.foreign.failures import read_failure
from litemaas.providers.foreign.library import Library

_LONGEST = 500


async def complaint_of(library: Library, path: str, body: dict[str, Any]) -> str | None:
    """Why a call of `path` fails; None: it does not. Closes the library."""
    try:
        async for _ in library.call(path, msgspec.json.encode(body)):
            pass
    except Exception as error:  # noqa: BLE001 - whatever a provider's library raises
        failure = read_failure(error)
        if isinstance(failure, UpstreamError):
            return str(failure)
        return f"Status {failure.status}: {msgspec.json.decode(failure.body)['error']['message']}"[:_LONGEST]
    finally:
        await library.close()
    return None
