"""Puts a form together anew for an upstream (RFC 7578), of what we have understood of it and nothing else."""

import secrets
from collections.abc import AsyncGenerator
from typing import NamedTuple

from litemaas.gateway.uploads.forms import Form, FormFile

_QUOTED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})
"""As browsers write names (HTML, "multipart/form-data encoding algorithm")."""


class WrittenForm(NamedTuple):
    """A form as it goes over the wire.

    Attributes:
        length: Bytes of the body.
        pieces: The body; may be read once.
    """

    content_type: str
    length: int
    pieces: AsyncGenerator[bytes, None]


def write_form(form: Form, **replaced: str) -> WrittenForm:
    """Write `form`, with the fields `replaced` in place of its own of these names."""
    boundary = secrets.token_hex(16)
    fields = [(name, value) for name, value in form.fields if name not in replaced]
    fields += [(name, value.encode()) for name, value in replaced.items()]
    head = b"".join(
        _part_head(boundary, f'form-data; name="{name.translate(_QUOTED)}"') + value + b"\r\n" for name, value in fields
    )
    files = [(_file_head(boundary, file), file) for file in form.files]
    tail = f"--{boundary}--\r\n".encode()
    length = len(head) + sum(len(file_head) + file.spool.size + 2 for file_head, file in files) + len(tail)
    return WrittenForm(f"multipart/form-data; boundary={boundary}", length, _pieces(head, files, tail))


async def _pieces(head: bytes, files: list[tuple[bytes, FormFile]], tail: bytes) -> AsyncGenerator[bytes, None]:
    if head:
        yield head
    for file_head, file in files:
        yield file_head
        async for piece in file.spool.pieces():
            yield piece
        yield b"\r\n"
    yield tail


def _file_head(boundary: str, file: FormFile) -> bytes:
    name, filename = file.name.translate(_QUOTED), file.filename.translate(_QUOTED)
    kind = file.content_type if file.content_type.isascii() and file.content_type.isprintable() else ""
    return _part_head(
        boundary,
        f'form-data; name="{name}"; filename="{filename}"',
        f"Content-Type: {kind or 'application/octet-stream'}\r\n",
    )


def _part_head(boundary: str, disposition: str, lines: str = "") -> bytes:
    return f"--{boundary}\r\nContent-Disposition: {disposition}\r\n{lines}\r\n".encode()
