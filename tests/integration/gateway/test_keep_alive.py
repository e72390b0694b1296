"""Several requests on one connection, one after the other and all at once."""

import pytest

from support.gateway import InProcess
from support.wire import hello, post, wire_to

pytestmark = pytest.mark.xdist_group("keep_alive")


async def test_a_connection_serves_one_request_after_the_other(gateway: InProcess, model, key):
    async with wire_to(gateway.address) as wire:
        for _ in range(3):
            assert (await wire.ask(post(hello(model), key))).status == 200
    rows = await gateway.booked(key, 3)
    assert [row["status"] for row in rows] == [200, 200, 200]
