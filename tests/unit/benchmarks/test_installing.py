import pytest
from benchmarks import installing
from benchmarks.contender import UnavailableError


@pytest.fixture
def peer(tmp_path, monkeypatch):
    """The manifests of a peer that is in no registry."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(installing, "PEERS", tmp_path)
    folder = tmp_path / "peer"
    folder.mkdir()
    return folder


def test_a_peer_that_pip_cannot_install_is_unavailable(peer, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (peer / "requirements.lock").write_text(f"peer==1 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(UnavailableError, match=r"cannot install it: .*peer"):
        installing.python_environment("peer")


def test_without_npm_a_peer_of_npm_is_unavailable(peer, monkeypatch):
    monkeypatch.setenv("PATH", str(peer))
    for manifest in ("package.json", "package-lock.json", ".npmrc"):
        (peer / manifest).touch()
    with pytest.raises(UnavailableError, match="npm is not installed"):
        installing.node_modules("peer")


@pytest.mark.parametrize("name", ["litellm/requirements.lock", "portkey/package-lock.json"])
def test_locks_hold_hashes_and_no_addresses(name):
    lock = (installing.PEERS / name).read_text()
    assert "sha256:" in lock or "sha512-" in lock
    assert not [line for line in lock.splitlines() if "://" in line and "resolved" in line]
    assert "--index-url" not in lock
