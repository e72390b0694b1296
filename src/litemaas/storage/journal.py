"""An append-only record of lines on local disk, kept until somebody says that they are safe elsewhere.

One folder for each process, locked while the process lives, so that another may adopt what a dead one left. Lines go to
numbered segments: appended to the last, read from the first, and a segment whose lines are all safe is deleted. All
lines of one turn of the event loop go out in one `write(2)`; only then are those told who wait for it. Surviving the
process needs no fsync; surviving the machine is the database's business.
"""

import asyncio
import contextlib
import errno
import fcntl
import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

SEGMENT_BYTES = 8 * 1024 * 1024
_UNFINISHED = "."
_SUFFIX = ".jsonl"
_log = logging.getLogger(__name__)


class JournalError(Exception):
    """The folder cannot be used; the message says why."""


@dataclass(slots=True)
class _Segment:
    path: Path
    descriptor: int
    size: int = 0
    safe: int = 0


class Journal:
    """The journal of one process, or one that it has adopted.

    Args:
        folder: Its own folder; created if need be.

    Raises:
        JournalError: The folder cannot be written, or another living process has it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self._lock = _lock(folder) if folder.is_dir() else _make_locked(folder)
        except OSError as error:
            raise JournalError(f"The journal folder {folder} cannot be used: {error.strerror}.") from error
        self._segments: deque[_Segment] = deque(self._open(path) for path in sorted(folder.glob(f"*{_SUFFIX}")))
        for segment in self._segments:
            _drop_torn_line(segment)
        self._lines: list[bytes] = []
        self._waiting: list[Callable[[OSError | None], None]] = []
        self.unsafe_bytes = sum(segment.size for segment in self._segments)
        """Bytes that exist only here."""
        self.arrived = asyncio.Event()
        """Set when lines have been written since it was cleared."""

    def append(self, line: bytes, written: Callable[[OSError | None], None]) -> None:
        """Write `line` (without line feed) in this turn of the event loop, then call `written`.

        `written` gets None, or the error that kept the line from the disk; the journal then holds nothing of it.
        """
        if not self._lines:
            asyncio.get_running_loop().call_soon(self._flush)
        self._lines.append(line)
        self._waiting.append(written)

    def read(self, limit: int) -> bytes:
        """Whole lines that are not safe yet, oldest first: about `limit` bytes of one segment, or nothing."""
        if self._segments and not os.fstat(self._segments[-1].descriptor).st_nlink:
            self._write_anew()
        for segment in self._segments:
            if segment.safe < segment.size:
                piece = os.pread(segment.descriptor, limit, segment.safe)
                end = piece.rfind(b"\n") + 1
                return piece[:end] if end else os.pread(segment.descriptor, segment.size - segment.safe, segment.safe)
        return b""

    def mark_safe(self, count: int) -> None:
        """Forget the first `count` bytes that `read` returned."""
        self.unsafe_bytes -= count
        for segment in self._segments:
            if segment.safe < segment.size:
                segment.safe += count
                break
        while self._segments and self._segments[0].safe >= self._segments[0].size:
            if len(self._segments) == 1:
                self._restart(self._segments[0])
                break
            self._delete(self._segments.popleft())

    def close(self) -> None:
        """Write what waits, and give up the folder; an empty one is removed."""
        self._flush()
        empty = not self.unsafe_bytes
        while self._segments:
            segment = self._segments.popleft()
            if empty:
                self._delete(segment)
            else:
                os.close(segment.descriptor)
        if empty:
            with contextlib.suppress(OSError):
                self.folder.rmdir()
        os.close(self._lock)

    def _flush(self) -> None:
        if not self._lines:
            return
        lines, self._lines = self._lines, []
        waiting, self._waiting = self._waiting, []
        lines.append(b"")
        failure = self._write(b"\n".join(lines))
        for written in waiting:
            try:
                written(failure)
            except Exception:  # noqa: BLE001 - the other calls of this turn are recorded and must be told
                _log.exception("a call could not be ended after its record was written")
        self.arrived.set()

    def _write(self, block: bytes) -> OSError | None:
        try:
            if not self._segments or self._segments[-1].size >= SEGMENT_BYTES:
                number = int(self._segments[-1].path.stem) + 1 if self._segments else 1
                self._segments.append(self._open(self.folder / f"{number:08d}{_SUFFIX}"))
            segment = self._segments[-1]
            count = os.write(segment.descriptor, block)
            if count != len(block):
                os.ftruncate(segment.descriptor, segment.size)
                return OSError("the disk took only a part of the record")
        except OSError as error:
            return error
        segment.size += count
        self.unsafe_bytes += count
        return None

    def _write_anew(self) -> None:
        """Write all that is not safe once more: the files were removed, and the next start would miss it."""
        copies: list[_Segment] = []
        try:
            if not os.fstat(self._lock).st_nlink:
                gone, self._lock = self._lock, _make_locked(self.folder)
                os.close(gone)
            for segment in self._segments:
                copies.append(self._open(segment.path))
                _copy_unsafe(segment, copies[-1])
        except (OSError, JournalError) as error:
            for copy in copies:
                os.close(copy.descriptor)
            _log.warning("the journal in %s was removed and cannot be written anew: %s", self.folder, error)
            return
        for segment in self._segments:
            os.close(segment.descriptor)
        self._segments = deque(copies)
        _log.warning("the journal in %s was removed; it was written anew", self.folder)

    @staticmethod
    def _open(path: Path) -> _Segment:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        return _Segment(path, descriptor, os.fstat(descriptor).st_size)

    @staticmethod
    def _restart(segment: _Segment) -> None:
        os.ftruncate(segment.descriptor, 0)
        segment.size = segment.safe = 0

    @staticmethod
    def _delete(segment: _Segment) -> None:
        os.close(segment.descriptor)
        segment.path.unlink(missing_ok=True)


def _lock(folder: Path) -> int:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise JournalError(f"Another process has the journal {folder}.") from error
    return descriptor


def _make_locked(folder: Path) -> int:
    """Make a folder that is locked before others see it: they would take it for a dead process's."""
    unfinished = folder.with_name(_UNFINISHED + folder.name)
    unfinished.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = _lock(unfinished)
    try:
        unfinished.rename(folder)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def orphans(parent: Path) -> Iterator[Journal]:
    """Open, one after the other, the journals below `parent` whose process is gone."""
    for folder in sorted(parent.iterdir()) if parent.is_dir() else []:
        if folder.is_dir() and not folder.name.startswith(_UNFINISHED):
            with contextlib.suppress(JournalError):
                yield Journal(folder)


def _copy_unsafe(segment: _Segment, copy: _Segment) -> None:
    os.ftruncate(copy.descriptor, 0)
    unsafe = segment.size - segment.safe
    copy.size = os.write(copy.descriptor, os.pread(segment.descriptor, unsafe, segment.safe))
    if copy.size != unsafe:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _drop_torn_line(segment: _Segment) -> None:
    """Cut off a last line that a crash left unfinished: nobody was told that it had been written."""
    if segment.size:
        text = os.pread(segment.descriptor, segment.size, 0)
        end = text.rfind(b"\n") + 1
        if end != segment.size:
            os.ftruncate(segment.descriptor, end)
            segment.size = end
