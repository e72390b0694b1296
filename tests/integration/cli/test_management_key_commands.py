"""A management key on the command line: issued, used in place of the master key, revoked; against a real server."""

import asyncio

from click.testing import CliRunner

from litemaas.cli.commands import litemaas
from support.gateway import MASTER_KEY, server_process


async def test_a_management_key_takes_the_master_key_s_place_as_far_as_its_scopes_go(database_url, tmp_path):
    async with server_process(database_url, tmp_path) as server:

        async def run(*words, key=MASTER_KEY):
            given = {"LITEMAAS_URL": server.url, "LITELLM_MASTER_KEY": key}
            return await asyncio.to_thread(CliRunner().invoke, litemaas, words, env=given)

        issued = await run("management-key", "issue", "ci", "-s", "keys:read", "-s", "keys:write", "--duration", "1h")
        key = issued.stdout.strip()
        assert key.startswith("sk-mgmt-")
        assert (await run("key", "issue", "--alias", "app", "--label", "cost_centre=4711", key=key)).exit_code == 0
        assert "app" in (await run("key", "list", key=key)).stdout
        refused = await run("user", "list", key=key)
        assert (refused.exit_code, "users:read" in refused.stderr) == (1, True)
        listed = (await run("management-key", "list")).stdout
        assert "keys:read, keys:write" in listed
        assert (await run("management-key", "revoke", "ci", "--yes")).exit_code == 0
        assert (await run("key", "list", key=key)).exit_code == 3
        assert key not in server.output.decode() + listed
