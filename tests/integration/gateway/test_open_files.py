"""Two thousand streams need four thousand connections; many systems allow a process a thousand files by default."""

import resource

from support.gateway import server_process

DEFAULT = 1024


async def test_a_server_may_open_as_many_files_as_its_system_allows_at_all(database_url, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(DEFAULT, hard), hard))
    try:
        async with server_process(database_url, tmp_path, role="gateway") as server:
            assert resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE) == (hard, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
