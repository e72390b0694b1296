"""Putting a split file together."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from litemaas.providers.demo.start_errors import WeightsError
from litemaas.providers.demo.weights import SplitFile, join

CONTENT = b"first,second,third"


@pytest.fixture
def split(tmp_path):
    parts = []
    for number, content in enumerate((b"first,", b"second,", b"third")):
        parts.append(tmp_path / f"part{number}")
        parts[-1].write_bytes(content)
    return SplitFile("model.gguf", hashlib.sha256(CONTENT).hexdigest(), parts)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache" / "models"


def ignore(_):
    pass


def test_the_parts_are_joined_in_order_in_a_folder_that_is_made(split, folder):
    whole = join(split, folder, ignore)

    assert whole == folder / "model.gguf"
    assert whole.read_bytes() == CONTENT
    assert list(folder.iterdir()) == [whole]


def test_progress_is_reported(split, folder):
    lines = []
    join(split, folder, lines.append)

    assert [line.rpartition(" ")[2] for line in lines] == ["0%", "33%", "66%", "done"]


def test_a_whole_file_is_used_as_it_is(split, folder):
    inode = join(split, folder, ignore).stat().st_ino
    lines = []

    assert join(split, folder, lines.append).stat().st_ino == inode
    assert lines == []


def test_a_file_that_was_cut_short_is_made_anew(split, folder):
    whole = join(split, folder, ignore)
    whole.write_bytes(CONTENT[:4])

    assert join(split, folder, ignore).read_bytes() == CONTENT


def test_what_an_interrupted_start_left_is_overwritten(split, folder):
    folder.mkdir(parents=True)
    (folder / "model.partial").write_bytes(b"an earlier attempt that was longer than the whole")

    assert join(split, folder, ignore).read_bytes() == CONTENT


def test_several_processes_may_start_at_once(split, folder):
    with ThreadPoolExecutor(8) as pool:
        joined = list(pool.map(lambda _: join(split, folder, ignore).read_bytes(), range(32)))

    assert joined == [CONTENT] * 32


def test_damaged_parts_leave_no_file(split, folder):
    split.parts[1].write_bytes(b"SECOND,")

    with pytest.raises(WeightsError, match="damaged"):
        join(split, folder, ignore)
    assert not (folder / "model.gguf").exists()


def test_a_missing_part_is_told(split, folder):
    split.parts[1].unlink()

    with pytest.raises(WeightsError, match="No such file"):
        join(split, folder, ignore)
