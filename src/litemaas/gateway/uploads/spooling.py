"""Files of uploads on disk: without a name from the first moment on, so that no crash leaves any behind.

Together they may not outgrow their bound: the volume they are on is shared with others.
"""

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from typing import BinaryIO

from litemaas.domain.errors import UnavailableError
from litemaas.gateway.errors import BodyTooLargeError
from litemaas.settings import UploadSettings

_PIECE_BYTES = 256 * 1024


class SpoolFullError(UnavailableError):
    """There is no room for another upload at the moment."""


class Spools:
    """All files of a process.

    Attributes:
        size: Bytes in all of them.
    """

    def __init__(self, settings: UploadSettings) -> None:
        self.size = 0
        self._settings = settings

    def open(self) -> "Spool":
        """A new, empty file.

        Raises:
            SpoolFullError: The folder cannot be written to.
        """
        try:
            file = tempfile.TemporaryFile(dir=self._settings.upload_dir or None)  # noqa: SIM115 - the spool closes it
        except OSError as error:
            raise SpoolFullError("Uploads cannot be stored at the moment.") from error
        return Spool(self, file)

    def check(self, form_bytes: int) -> None:
        """Raise if a form of so many bytes, or all forms together, are too much.

        Raises:
            BodyTooLargeError: The form is.
            SpoolFullError: All forms together are.
        """
        most = self._settings.max_upload_bytes
        if form_bytes > most:
            raise BodyTooLargeError(f"The upload is larger than {most >> 20} MiB.")
        self.check_room(0)

    def check_room(self, more: int) -> None:
        """Raise if `more` bytes do not fit beside those that are there.

        Raises:
            SpoolFullError: They do not.
        """
        if self.size + more > self._settings.max_spool_bytes:
            raise SpoolFullError("Too many uploads are on their way, or too large ones. Try again later.")


class Spool:
    """One file.

    Attributes:
        size: Its bytes.
    """

    def __init__(self, spools: Spools, file: BinaryIO) -> None:
        self.size = 0
        self.file = file
        self._spools = spools

    async def write(self, data: bytes) -> None:
        """Append `data`.

        Raises:
            SpoolFullError: The disk is full.
        """
        self.take_in(len(data))
        try:
            await asyncio.to_thread(self.file.write, data)
        except OSError as error:
            raise SpoolFullError("Uploads cannot be stored at the moment.") from error

    def take_in(self, size: int) -> None:
        """Count `size` bytes that were written to the file directly."""
        self.size += size
        self._spools.size += size

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """The content from its beginning.

        Raises:
            OSError: It cannot be read.
        """
        await asyncio.to_thread(self.file.seek, 0)
        while piece := await asyncio.to_thread(self.file.read, _PIECE_BYTES):
            yield piece

    def close(self) -> None:
        """Give the disk back."""
        self._spools.size -= self.size
        self.size = 0
        self.file.close()
