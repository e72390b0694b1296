"""What goes on in the background ends when it is told to."""

import asyncio
import contextlib
import time

import pytest

from litemaas.bootstrap import _follow


class Current:
    """A snapshot that is always up to date."""

    confirmed_at = time.monotonic()

    async def catch_up(self) -> None:
        await asyncio.sleep(0)


@pytest.mark.parametrize("turns", range(8))
async def test_a_change_at_the_moment_of_the_stop_does_not_keep_us_going(turns):
    """On Python 3.11 `asyncio.wait_for` forgets a cancellation that comes together with its result."""
    changed = asyncio.Event()
    following = asyncio.ensure_future(_follow(Current(), changed))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    changed.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    following.cancel()
    done, _ = await asyncio.wait((following,), timeout=0.3)
    following.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await following
    assert done
