"""A real OpenID provider as a process, and a person who logs in there by its pages."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from support.locks import exclusive

FOLDER = Path(__file__).with_name("oidc_server")
CLIENT_ID = "litemaas"
CLIENT_SECRET = "secret of the tests: a+b/c&d"
_MOST_STEPS = 12
_FOUND = range(300, 400)


class OidcServer:
    """The provider; `accounts` are its people, claims by name."""

    def __init__(self, issuer: str, accounts: Path) -> None:
        self.issuer = issuer
        self._accounts = accounts

    def settings(self) -> dict[str, str]:
        return {
            "LITEMAAS_OAUTH_PROVIDER": "oidc",
            "LITEMAAS_OAUTH_CLIENT_ID": CLIENT_ID,
            "LITEMAAS_OAUTH_CLIENT_SECRET": CLIENT_SECRET,
            "LITEMAAS_OAUTH_ISSUER": self.issuer,
        }

    def set_accounts(self, accounts: dict[str, dict[str, Any]]) -> None:
        self._accounts.write_text(json.dumps(accounts))

    async def log_in(self, authorization_url: str, name: str) -> str:
        """Go through the provider's pages as `name`; returns where it sends the browser back to."""
        async with httpx.AsyncClient() as client:
            url, answer = authorization_url, await client.get(authorization_url)
            for _ in range(_MOST_STEPS):
                if answer.status_code in _FOUND:
                    url = urljoin(url, answer.headers["location"])
                    if not url.startswith(self.issuer):
                        return url
                    answer = await client.get(url)
                    continue
                assert answer.status_code == 200, answer.text
                action = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
                assert action, answer.text
                prompt = "login" if 'name="login"' in answer.text else "consent"
                form = {"prompt": prompt, "login": name, "password": "any"} if prompt == "login" else {"prompt": prompt}
                url = urljoin(url, action[1])
                answer = await client.post(url, data=form)
        pytest.fail("the provider does not send the browser back")


def _install() -> None:
    """Install the provider's package once, whichever worker comes first."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed; the OpenID provider that logins are tested against needs it")
    with exclusive(Path(os.environ["LITEMAAS_TEST_RUN"]) / "oidc.lock"):
        if not (FOLDER / "node_modules" / "oidc-provider").exists():
            command = ["npm", "ci", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=FOLDER, check=True, capture_output=True)


@contextmanager
def running_oidc_server(folder: Path, redirect_uris: list[str]) -> Iterator[OidcServer]:
    """Start the provider."""
    _install()
    accounts = folder / "accounts.json"
    accounts.write_text("{}")
    client = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uris": redirect_uris,
        "post_logout_redirect_uris": [redirect_uris[0].replace("/api/auth/callback", "/ui/login")],
    }
    environment = {**os.environ, "ACCOUNTS": str(accounts), "CLIENT": json.dumps(client), "NODE_ENV": "test"}
    complaints = (folder / "oidc.log").open("w")
    process = subprocess.Popen(
        ["node", FOLDER / "server.mjs"], env=environment, stdout=subprocess.PIPE, stderr=complaints, text=True
    )
    try:
        lines = iter(process.stdout.readline, "")
        issuer = next((line.strip() for line in lines if line.startswith("http://")), None)
        assert issuer, (folder / "oidc.log").read_text()
        yield OidcServer(issuer, accounts)
    finally:
        process.terminate()
        process.communicate()
        complaints.close()


@pytest.fixture(scope="session")
def oidc_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OidcServer]:
    hosts = ("http://admin.test", "http://users.test")
    with running_oidc_server(
        tmp_path_factory.mktemp("oidc"), [f"{host}/api/auth/callback" for host in hosts]
    ) as server:
        yield server
