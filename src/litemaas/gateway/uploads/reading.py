"""Takes a form apart as it comes in (RFC 7578): fields into memory, which bounds them, and files to the disk."""

import asyncio
from collections.abc import AsyncIterator

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from litemaas.gateway.errors import BadRequestError
from litemaas.gateway.uploads.forms import Form, FormFile
from litemaas.gateway.uploads.spooling import Spools

_MOST_PARTS = 64
_MOST_FIELD_BYTES = 1024 * 1024
_MOST_NAME = 256
_FLUSH_BYTES = 1024 * 1024
_PATIENCE = 60.0  # as the fast lane has it
_UNTYPED = "application/octet-stream"


async def read_form(
    content_type: str | None, pieces: AsyncIterator[bytes], spools: Spools, patience: float = _PATIENCE
) -> Form:
    """Read the form that `pieces` are.

    Args:
        content_type: Of the request.
        pieces: Its body.
        spools: Keep its files.
        patience: Seconds between two pieces.

    Raises:
        BadRequestError: It is none that we understand.
        BodyTooLargeError: It is too large.
        SpoolFullError: There is no room for it.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise BadRequestError("The request must be a form: 'Content-Type: multipart/form-data' with its boundary.")
    try:
        parts = _Parts(boundary)
    except FormParserError as error:
        raise BadRequestError("The form's boundary is too long.") from error
    form = Form([], [])
    size = 0
    try:
        while (piece := await _next(pieces, patience)) is not None:
            size += len(piece)
            spools.check(size)
            parts.feed(piece)
            await parts.take(form, spools)
        parts.finish()
        await parts.take(form, spools, flush=True)
    except BaseException:
        form.close()
        raise
    return form


async def _next(pieces: AsyncIterator[bytes], patience: float) -> bytes | None:
    try:
        async with asyncio.timeout(patience):
            return await anext(pieces, None)
    except TimeoutError as error:
        raise BadRequestError(f"The form stopped coming for {patience:g} s.") from error


class _Part:
    """One part while it comes in."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.name = ""
        self.filename: str | None = None
        self.content = bytearray()
        self.file: FormFile | None = None
        self.complete = False

    def understand_head(self) -> None:
        disposition, options = parse_options_header(self.headers.get("content-disposition"))
        name = options.get(b"name", b"")
        if disposition != b"form-data" or not 0 < len(name) <= _MOST_NAME:
            raise BadRequestError("A part of the form has no name.")
        if "content-transfer-encoding" in self.headers:
            raise BadRequestError("A part of the form is encoded once more, which RFC 7578 has done away with.")
        self.name = _text(name)
        filename = options.get(b"filename")
        self.filename = None if filename is None else _text(filename)[-_MOST_NAME:]


class _Parts:
    """The parts that have come, in order, the last one perhaps not whole."""

    def __init__(self, boundary: bytes) -> None:
        self._waiting: list[_Part] = []
        self._count = self._field_bytes = 0
        self._header = self._value = ""
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._on_part_begin,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers_finished,
                "on_part_data": self._on_part_data,
                "on_part_end": self._on_part_end,
                "on_end": self._on_end,
            },
        )

    def feed(self, piece: bytes) -> None:
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise BadRequestError("The form is malformed.") from error

    def finish(self) -> None:
        if not self._ended:
            raise BadRequestError("The form breaks off.")

    async def take(self, form: Form, spools: Spools, *, flush: bool = False) -> None:
        """Move what has come into `form`; files not before it is worth a thread's while."""
        for part in self._waiting:
            if part.filename is None:
                if part.complete:
                    form.fields.append((part.name, bytes(part.content)))
                continue
            if part.file is None:
                kind = part.headers.get("content-type", _UNTYPED)
                part.file = FormFile(part.name, part.filename, kind, spools.open())
                form.files.append(part.file)
            if part.complete or flush or len(part.content) >= _FLUSH_BYTES:
                data, part.content = bytes(part.content), bytearray()
                await part.file.spool.write(data)
        self._waiting = [part for part in self._waiting if not part.complete]

    # --- what the parser calls ---

    def _on_part_begin(self) -> None:
        self._count += 1
        if self._count > _MOST_PARTS:
            raise BadRequestError(f"The form has more than {_MOST_PARTS} parts.")
        self._waiting.append(_Part())

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end].decode("latin-1")

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end].decode("latin-1")

    def _on_header_end(self) -> None:
        headers = self._waiting[-1].headers
        name = self._header.lower()
        if name in headers:
            raise BadRequestError("A part of the form has a header twice.")
        headers[name], self._header, self._value = self._value, "", ""

    def _on_headers_finished(self) -> None:
        self._waiting[-1].understand_head()

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        part = self._waiting[-1]
        if part.filename is None:
            self._field_bytes += end - start
            if self._field_bytes > _MOST_FIELD_BYTES:
                raise BadRequestError(f"The fields of the form are larger than {_MOST_FIELD_BYTES >> 20} MiB.")
        part.content += data[start:end]

    def _on_part_end(self) -> None:
        self._waiting[-1].complete = True

    def _on_end(self) -> None:
        self._ended = True


def _text(value: bytes) -> str:
    """A name: browsers and SDKs send it in UTF-8."""
    try:
        text = value.decode()
    except UnicodeDecodeError as error:
        raise BadRequestError("A name in the form is not in UTF-8.") from error
    if not text.isprintable():
        raise BadRequestError("A name in the form has characters that cannot be printed.")
    return text
