"""Bounds the bodies that FastAPI reads for a route: by itself it keeps what comes, however much that is."""

from fastapi import HTTPException, Request
from starlette.types import Message

_TOO_LARGE = 413


def bounded(request: Request, most_bytes: int) -> Request:
    """`request`, whose body may have `most_bytes`; one that turns out to be larger raises while it is read.

    Raises:
        HTTPException: 413: it says itself that it is larger.
    """
    if int(request.headers.get("content-length", 0)) > most_bytes:
        raise HTTPException(_TOO_LARGE)
    left = most_bytes

    async def receive() -> Message:
        nonlocal left
        message = await request.receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(_TOO_LARGE)
        return message

    return Request(request.scope, receive)
