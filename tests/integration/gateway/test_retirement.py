"""Whoever calls a model that goes out of use is told so with every answer."""

import pytest

from support.wire import hello, post, wire_to


@pytest.mark.parametrize("stream", [False, True])
async def test_answers_of_a_deprecated_model_say_so(gateway, model, key, stream):
    wanted = post(hello(model, stream=stream), key)
    async with wire_to(gateway.address) as wire:
        assert "deprecation" not in (await wire.ask(wanted)).headers
    await gateway.rows.connection.execute(
        "UPDATE model_groups SET deprecated_on = '2026-12-01', sunset_on = '2027-03-01', successor = 'new'"
        " WHERE name = $1",
        model,
    )
    await gateway.settle(key)
    async with wire_to(gateway.address) as wire:
        headers = (await wire.ask(wanted)).headers
    assert headers["deprecation"] == "@1796083200"
    assert headers["sunset"] == "Mon, 01 Mar 2027 00:00:00 GMT"
    assert headers["link"] == '</v1/models/new>; rel="successor-version"'
