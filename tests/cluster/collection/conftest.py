"""Makes the collection's code and this folder's helpers importable."""

import sys
from pathlib import Path

HERE = Path(__file__).parent

# Beside the playbooks lies the collection under the name by which its parts import one another.
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "playbooks" / "collections")]

import pytest  # noqa: E402  (after the path is set)
from collection_support import Site  # noqa: E402  (same)
from gateway_support import running_gateway  # noqa: E402  (same)


@pytest.fixture
def site(fake, tmp_path):
    """A fake cluster as new, and a folder for what plays write."""
    return Site(fake, tmp_path)


@pytest.fixture(scope="session")
def gateway(tmp_path_factory):
    """A real gateway with a database of its own, shared by the tests of a worker."""
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running
