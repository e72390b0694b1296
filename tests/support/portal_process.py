"""One replica of the portal as a process of its own; prints its port when it can serve, and ends with its input."""

import asyncio
import socket
import sys

import uvicorn

from litemaas.bootstrap import open_platform
from litemaas.gateway.app import create_app
from litemaas.gateway.gateway import Gateway
from litemaas.gateway.playground import Playground
from litemaas.portal.app import add_portal
from litemaas.settings import read_settings


async def main() -> None:
    async with open_platform(read_settings()) as platform:
        app = create_app(platform)
        gateway = Gateway(platform.settings, platform.admissions, platform.journal, platform.upstreams)
        add_portal(app, platform, Playground(gateway))
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
        listener = socket.create_server(("127.0.0.1", 0))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)  # the test closes it, or has died
        server.should_exit = True
        await serving


asyncio.run(main())
