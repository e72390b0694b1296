from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from litemaas.domain.administration.notice_channels import ChannelService
from litemaas.domain.noticing.sending import Sender
from litemaas.storage.postgres import Pool
from litemaas.storage.vault import Vault
from support.certificates import CertificateAuthority
from support.notices import Notifier
from support.replicas import connecting
from support.upstream import Call, Upstream, http, running_upstream


@pytest.fixture
def authority(tmp_path: Path) -> CertificateAuthority:
    return CertificateAuthority(tmp_path)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    async with connecting(database_url) as pool:
        yield pool


@pytest.fixture
def notifier(pool: Pool, authority: CertificateAuthority) -> Notifier:
    vault = Vault("salt of these tests")
    sender = Sender(vault, str(authority.file))
    return Notifier(pool, sender, ChannelService(pool, vault, sender), {})


@pytest.fixture
async def receiver() -> AsyncIterator[Upstream]:
    async def take(call: Call) -> None:
        await call.send(http(b"{}"))

    async with running_upstream(take) as receiver:
        yield receiver
