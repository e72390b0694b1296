"""Bodies that nobody needs: what a stranger sends is not kept, and what an operator sends has a bound."""

from collections.abc import AsyncIterator

import pytest

from litemaas.gateway.app import ROUTERS
from litemaas.gateway.management.routing import ManagementRoute
from support.management import MASTER_KEY, Api

MEBIBYTE = 1024 * 1024


class Pieces:
    """A body that comes piece by piece, and knows how much of it was taken."""

    def __init__(self, count: int) -> None:
        self.left = count

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.left:
            self.left -= 1
            yield b" " * MEBIBYTE


@pytest.mark.parametrize("key", [None, "sk-of-nobody", "sk-mgmt-of-nobody"])
async def test_the_body_of_a_stranger_is_not_read(api: Api, key):
    body = Pieces(64)
    await api.holding(key).error("POST", "/key/generate", 401, content=body)
    assert body.left >= 63


async def test_the_body_of_a_virtual_key_is_not_read(api: Api):
    issued = await api.post("/key/generate")
    body = Pieces(64)
    await api.holding(issued["key"]).error("POST", "/model/new", 403, content=body)
    assert body.left >= 63


@pytest.mark.parametrize("length", [{}, {"content-length": str(64 * MEBIBYTE)}])
async def test_a_body_beyond_any_use_is_refused_before_it_is_whole(api: Api, length):
    body = Pieces(64)
    headers = {"x-api-key": MASTER_KEY, "content-type": "application/json"} | length
    answer = await api.client.post("/guardrail/test", content=body, headers=headers)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "request_too_large"
    assert body.left > 50


def test_every_route_that_writes_knows_its_caller_before_it_reads():
    writing = [route for router in ROUTERS for route in router.routes if not route.methods <= {"GET", "HEAD"}]
    assert len(writing) > 30
    assert [route.path for route in writing if not isinstance(route, ManagementRoute)] == []
