import asyncio
import os
import resource
import shutil
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from litemaas.storage import journal as module
from litemaas.storage.journal import Journal, JournalError, orphans

lines = st.lists(st.binary(max_size=60).map(lambda text: text.replace(b"\n", b"")), min_size=1, max_size=8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal" / "one"


def append(journal: Journal, *texts: bytes) -> list[OSError | None]:
    """Append lines in one turn of the event loop; returns what their writers were told."""
    told: list[OSError | None] = []

    async def run() -> None:
        for text in texts:
            journal.append(text, told.append)
        assert not told
        await asyncio.sleep(0)

    with asyncio.Runner() as runner:
        runner.run(run())
    return told


def read_all(journal: Journal) -> list[bytes]:
    read = []
    while block := journal.read(100):
        assert block.endswith(b"\n")
        read += block.splitlines(keepends=True)
        journal.mark_safe(len(block))
    return read


class JournalMachine(RuleBasedStateMachine):
    """A process that appends, ships, crashes and comes back, on a disk that sometimes keeps half a line.

    `unsafe` are the lines nobody has marked safe. After a crash the journal may show lines again that were safe, since
    it forgets only whole segments: their readers tell them by their ids.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp()) / "one"
        self.usual = module.SEGMENT_BYTES
        module.SEGMENT_BYTES = 150
        self.journal = Journal(self.folder)
        self.unsafe: list[bytes] = []
        self.safe: set[bytes] = set()
        self.count = 0

    def teardown(self) -> None:
        self.journal.close()
        module.SEGMENT_BYTES = self.usual
        shutil.rmtree(self.folder.parent)

    @rule(texts=lines)
    def append(self, texts: list[bytes]) -> None:
        texts = [b"%d %b" % (self.count + place, text) for place, text in enumerate(texts)]
        self.count += len(texts)
        assert append(self.journal, *texts) == [None] * len(texts)
        self.unsafe += [text + b"\n" for text in texts]

    @rule(limit=st.integers(1, 300))
    def ship(self, limit: int) -> None:
        block = self.journal.read(limit)
        shipped = block.splitlines(keepends=True) if b"\r" not in block else block.split(b"\n")[:-1]
        shipped = [line if line.endswith(b"\n") else line + b"\n" for line in shipped]
        assert bool(shipped) == bool(self.unsafe)
        assert shipped == self.unsafe[: len(shipped)]
        self.journal.mark_safe(len(block))
        self.safe.update(shipped)
        del self.unsafe[: len(shipped)]

    @rule()
    def read_again(self) -> None:
        assert self.journal.read(200) == self.journal.read(200)

    @rule(torn=st.binary(max_size=20).map(lambda text: text.replace(b"\n", b"")))
    def crash(self, torn: bytes) -> None:
        for segment in self.journal._segments:
            os.close(segment.descriptor)
        os.close(self.journal._lock)
        if paths := sorted(self.folder.glob("*.jsonl")):
            with paths[-1].open("ab") as file:
                file.write(torn)
        self.journal = Journal(self.folder)
        shown = []
        for path in sorted(self.folder.glob("*.jsonl")):
            shown += [line + b"\n" for line in path.read_bytes().split(b"\n")[:-1]]
        again = shown[: len(shown) - len(self.unsafe)]
        assert shown[len(again) :] == self.unsafe
        assert self.safe.issuperset(again)
        self.unsafe = shown

    @rule()
    def leave(self) -> None:
        self.journal.close()
        assert self.folder.exists() == bool(self.unsafe)
        self.crash_free_reopen()

    def crash_free_reopen(self) -> None:
        self.journal = Journal(self.folder)
        if self.unsafe:
            shown = b"".join(path.read_bytes() for path in sorted(self.folder.glob("*.jsonl"))).split(b"\n")[:-1]
            self.unsafe = [line + b"\n" for line in shown]

    @precondition(lambda self: not self.unsafe)
    @rule()
    def nothing_to_read(self) -> None:
        assert self.journal.read(100) == b""

    @invariant()
    def unsafe_bytes_are_those_of_the_unsafe_lines(self) -> None:
        assert self.journal.unsafe_bytes == sum(map(len, self.unsafe))


TestJournal = JournalMachine.TestCase
TestJournal.settings = settings(max_examples=60, stateful_step_count=25)


def test_all_lines_of_one_turn_are_one_write(folder, monkeypatch):
    blocks = []
    write = os.write

    def counting(descriptor: int, block: bytes) -> int:
        blocks.append(bytes(block))
        return write(descriptor, block)

    journal = Journal(folder)
    with monkeypatch.context() as patched, asyncio.Runner() as runner:
        runner.get_loop()  # whose own pipe is written to as well

        async def run() -> None:
            patched.setattr(os, "write", counting)
            for number in range(50):
                journal.append(b"%d" % number, lambda _: None)
            await asyncio.sleep(0)
            patched.setattr(os, "write", write)

        runner.run(run())
    journal.close()

    assert [block for block in blocks if len(block) > 1] == [b"".join(b"%d\n" % number for number in range(50))]


def test_a_torn_last_line_is_dropped_and_the_rest_is_kept(folder):
    folder.mkdir(parents=True)
    (folder / "00000001.jsonl").write_bytes(b"one\ntwo\nthr")
    journal = Journal(folder)

    assert journal.unsafe_bytes == 8
    append(journal, b"four")
    assert read_all(journal) == [b"one\n", b"two\n", b"four\n"]
    journal.close()


def test_a_line_longer_than_what_is_asked_for_is_read_whole(folder):
    journal = Journal(folder)
    append(journal, b"x" * 1000, b"y")

    assert b"".join(read_all(journal)) == b"x" * 1000 + b"\ny\n"
    journal.close()


def test_a_living_process_keeps_its_journal_to_itself(folder):
    journal = Journal(folder)

    with pytest.raises(JournalError, match="Another process"):
        Journal(folder)
    assert list(orphans(folder.parent)) == []
    journal.close()


def test_journals_of_processes_that_are_gone_are_found(folder):
    with_lines = Journal(folder)
    append(with_lines, b"left behind")
    with_lines.close()
    alive = Journal(folder.parent / "two")

    (orphan,) = orphans(folder.parent)

    assert read_all(orphan) == [b"left behind\n"]
    orphan.close()
    alive.close()


def test_the_journal_of_a_process_that_begins_is_nobody_s_to_adopt(tmp_path):
    ended = threading.Event()

    def adopt() -> None:
        while not ended.is_set():
            for orphan in orphans(tmp_path):
                orphan.close()

    with ThreadPoolExecutor() as pool:
        adopting = pool.submit(adopt)
        try:
            journals = [Journal(tmp_path / str(number)) for number in range(300)]
        finally:
            ended.set()
        adopting.result()
    assert all(journal.folder.is_dir() for journal in journals)
    for journal in journals:
        journal.close()


def test_no_folder_of_journals_means_no_orphans(tmp_path):
    assert list(orphans(tmp_path / "nothing")) == []


def test_an_empty_journal_leaves_no_folder(folder):
    journal = Journal(folder)
    append(journal, b"line")
    read_all(journal)
    journal.close()

    assert not folder.exists()


def test_a_folder_that_cannot_be_made_is_an_error_with_a_sentence(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(JournalError, match="cannot be used"):
        Journal(tmp_path / "file" / "journal")


def test_nobody_else_can_read_the_journal(folder):
    journal = Journal(folder)
    append(journal, b"line")

    assert {path.stat().st_mode & 0o077 for path in [folder, *folder.iterdir()]} == {0}
    journal.close()


def test_closing_writes_what_still_waits(folder):
    told = []

    async def run() -> None:
        journal = Journal(folder)
        journal.append(b"last", told.append)
        journal.close()

    with asyncio.Runner() as runner:
        runner.run(run())

    journal = Journal(folder)
    assert told == [None]
    assert read_all(journal) == [b"last\n"]
    journal.close()


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond `size` bytes, as a full disk would."""
    _, hard = usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@pytest.mark.parametrize("room", [0, 3])
def test_a_full_disk_is_told_to_everybody_and_leaves_no_trace(folder, room):
    journal = Journal(folder)
    append(journal, b"before")

    with largest_file(len(b"before\n") + room):
        told = append(journal, b"does not fit", b"nor does this")

    assert [type(failure) for failure in told] == [OSError, OSError]
    assert append(journal, b"after") == [None]
    assert read_all(journal) == [b"before\n", b"after\n"]
    journal.close()


def test_one_call_that_cannot_be_ended_does_not_keep_others_from_being_told(folder, caplog):
    journal, told = Journal(folder), []

    async def run() -> None:
        journal.append(b"one", lambda _: 1 / 0)
        journal.append(b"two", told.append)
        await asyncio.sleep(0)

    with asyncio.Runner() as runner:
        runner.run(run())

    assert told == [None]
    assert "could not be ended" in caplog.text
    assert read_all(journal) == [b"one\n", b"two\n"]
    journal.close()


def test_readers_are_told_that_lines_arrived(folder):
    journal = Journal(folder)
    assert not journal.arrived.is_set()

    append(journal, b"line")

    assert journal.arrived.is_set()
    journal.close()


@pytest.mark.parametrize("what", ["folder", "parent", "files"])
def test_a_journal_that_somebody_removes_is_written_anew_before_it_is_read(folder, what, caplog):
    journal = Journal(folder)
    append(journal, b"safe", b"one")
    journal.mark_safe(len(b"safe\n"))
    if what == "files":
        for path in folder.iterdir():
            path.unlink()
    else:
        shutil.rmtree(folder if what == "folder" else folder.parent)
    append(journal, b"two")
    assert journal.read(100) == b"one\ntwo\n"
    assert "removed; it was written anew" in caplog.text
    append(journal, b"three")
    assert [path.read_bytes() for path in folder.iterdir()] == [b"one\ntwo\nthree\n"]
    with pytest.raises(JournalError):
        Journal(folder)
    assert read_all(journal) == [b"one\n", b"two\n", b"three\n"]
    assert journal.unsafe_bytes == 0
    journal.close()
    assert not folder.exists()
