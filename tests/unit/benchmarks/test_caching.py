import pytest
from benchmarks.caching import kept


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    source = tmp_path / "lock"
    source.write_text("one==1")
    return source


def fill(folder):
    (folder / "made").touch()


def fail(folder):
    (folder / "half").touch()
    raise RuntimeError


def test_what_was_made_is_not_made_again(source):
    folder = kept("peer", [source], fill)
    assert (folder / "made").exists()
    assert kept("peer", [source], fail) == folder


def test_other_sources_are_made_anew(source):
    folder = kept("peer", [source], fill)
    source.write_text("one==2")
    assert kept("peer", [source], fill) != folder


def test_what_was_cut_short_is_made_again_from_nothing(source):
    with pytest.raises(RuntimeError):
        kept("peer", [source], fail)
    folder = kept("peer", [source], fill)
    assert (folder / "made").exists()
    assert not (folder / "half").exists()
