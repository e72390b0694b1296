"""Takes chunks in threads from libraries that wait for the network without telling the event loop.

Amazon's library does: between two chunks of one stream it would hold up every call of this process.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

_T = TypeVar("_T")


async def stepping(chunks: AsyncIterator[_T]) -> AsyncGenerator[_T, None]:
    """The chunks of an iterator that never awaits anything, each step in a thread.

    Who gives up does not wait for a step that goes on. It ends when its chunk has come; its connection is closed by the
    garbage collector then, for the library's objects refer to each other and have no way of closing them.
    """
    step: asyncio.Future[_T | None] | None = None
    try:
        while True:
            step = asyncio.ensure_future(asyncio.to_thread(_next, chunks))
            chunk = await asyncio.shield(step)
            if chunk is None:
                return
            yield chunk
    finally:
        if step is not None and not step.done():
            step.add_done_callback(_forget)


def _next(chunks: AsyncIterator[_T]) -> _T | None:
    """The next chunk; None: there is none."""
    step = anext(chunks)
    try:
        step.__await__().send(None)
    except StopIteration as found:
        return found.value  # type: ignore[no-any-return]  # how a coroutine tells its result
    except StopAsyncIteration:
        return None
    raise RuntimeError("A library that was thought to block does not.")


def _forget(step: asyncio.Future[_T | None]) -> None:
    if not step.cancelled():
        step.exception()  # nobody else will look at it
