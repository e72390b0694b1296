from collections.abc import AsyncIterator

import pytest

from support.lying_issuer import LyingIssuer, running_issuer


@pytest.fixture
async def issuer() -> AsyncIterator[LyingIssuer]:
    async with running_issuer() as running:
        yield running
