"""A model with several deployments, each at an upstream of its own, behind a gateway in this process."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal
from secrets import token_urlsafe
from uuid import UUID, uuid4

from litemaas.domain.router import Router
from litemaas.domain.routing.deployments import DeploymentState
from support.gateway import InProcess
from support.upstream import Script, Upstream, http, raw, running_upstream
from support.wire import PATIENCE, Answer, hello, post

MICRO = Decimal("0.000001")


class Fleet:
    """The model.

    Attributes:
        name: Its public name.
        upstreams: One for each deployment, in the order in which the strategy `lowest-cost` tries them: an output
            token costs one millionth of a dollar at the first, two at the second.
    """

    def __init__(self, gateway: InProcess, name: str, group: UUID, upstreams: list[Upstream]) -> None:
        self.gateway = gateway
        self.name = name
        self.group = group
        self.upstreams = upstreams

    @property
    def calls(self) -> list[int]:
        """How many calls each upstream got."""
        return [len(upstream.calls) for upstream in self.upstreams]

    def deployment(self, number: int) -> str:
        return f"{self.name}-{number}"

    def state(self, number: int) -> DeploymentState:
        model = self.gateway.platform.snapshot.catalog.models[self.name]
        id_ = self.deployment(number)
        return router_of(self.gateway).state(next(one for one in model.targets if one.deployment.id == id_))

    def answer_with(self, *scripts: Script) -> None:
        for upstream, script in zip(self.upstreams, scripts, strict=True):
            upstream.script = script

    async def ask(self, key: str, **more: object) -> Answer:
        return await self.gateway.ask(post(hello(self.name, **more), key))

    async def until_waiting(self, count: int) -> None:
        """Wait until so many calls stand in line; the line tells nobody."""
        await until(lambda: len(router_of(self.gateway)._queues.get(self.name, ())) == count)


@asynccontextmanager
async def fleet(gateway: InProcess, *deployments: dict[str, object], **routing: object) -> AsyncIterator[Fleet]:
    """A model with a deployment for each of the given columns; add a key afterwards."""
    name, group = f"fleet-{token_urlsafe(6)}", uuid4()
    routing = {"strategy": "lowest-cost"} | routing
    execute = gateway.rows.connection.execute
    async with AsyncExitStack() as stack:
        upstreams = [await stack.enter_async_context(running_upstream()) for _ in deployments]
        await execute(
            "INSERT INTO model_groups (id, name, routing) VALUES ($1, $2, $3::jsonb)", group, name, json.dumps(routing)
        )
        for number, (upstream, columns) in enumerate(zip(upstreams, deployments, strict=True)):
            fields = {"id": f"{name}-{number}", "group_id": group, "provider": "openai", "upstream_model": "m"}
            fields |= {"api_base": upstream.url} | columns
            places = ", ".join(f"${place}" for place in range(1, len(fields) + 1))
            await execute(f"INSERT INTO deployments ({', '.join(fields)}) VALUES ({places})", *fields.values())
            statement = "INSERT INTO prices (deployment_id, output_token) VALUES ($1, $2)"
            await execute(statement, fields["id"], MICRO * (number + 1))
        yield Fleet(gateway, name, group, upstreams)


def router_of(gateway: InProcess) -> Router:
    return gateway.lane.gateway.router


async def until(what) -> None:
    """Wait for what nobody tells."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if what():
                return
            await asyncio.sleep(0.001)


async def nothing_held(gateway: InProcess) -> None:
    """Wait until no call is left, and see that none left anything behind: no place, no reservation, no money."""
    inner, router = gateway.lane.gateway, router_of(gateway)
    await until(lambda: not inner.calls)
    assert not any(router._queues.values())
    assert not any(state.in_flight for state in router._states.values())
    for scopes in (router._scopes, gateway.platform.admissions.scopes):
        for scope in scopes._scopes.values():
            assert (scope.in_flight, scope.reserved) == (0, 0), scope.name
    leases = gateway.platform.budgets.leases.values()
    await until(lambda: not any(lease.waiting for lease in leases))  # who stood there has yet to notice
    for lease in leases:
        assert lease.held == 0, lease.account_id


def failing(status: str = "503 Service Unavailable", message: str = "no", *lines: str, **error: object) -> Script:
    """Refuse each call."""
    return raw(http(json.dumps({"error": {"message": message} | error}).encode(), status, "application/json", *lines))


def nobody() -> str:
    """The URL of a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
