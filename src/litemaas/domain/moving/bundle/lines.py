"""The lines of a bundle's file."""

from typing import Literal

from msgspec import Raw, Struct

from litemaas.domain.moving.entities import Row

FORMAT = 1
CHECK = "passphrase"
"""What the header's `check` is the sealed form of, bound to itself."""


class Header(Struct, frozen=True, kw_only=True, tag_field="line", tag="header"):
    """The first line.

    Attributes:
        format: Version of these lines.
        schema: Revision of the schema that the rows have.
        made_at: When, in ISO 8601.
        secrets: What became of the providers' credentials.
        salt: Of the passphrase.
        check: Opens with the right passphrase.
    """

    format: int
    schema: str
    made_at: str
    secrets: Literal["sealed", "none"]
    salt: bytes = b""
    check: bytes = b""


class RowLine(Struct, frozen=True, kw_only=True, tag_field="line", tag="row", omit_defaults=True):
    """One row, to be read.

    Attributes:
        credential: Of a deployment, sealed under the passphrase.
    """

    table: str
    row: Row
    credential: bytes | None = None


class RawRowLine(Struct, frozen=True, kw_only=True, tag_field="line", tag="row", omit_defaults=True):
    """One row as PostgreSQL wrote it, to be written."""

    table: str
    row: Raw
    credential: bytes | None = None


class End(Struct, frozen=True, kw_only=True, tag_field="line", tag="end"):
    """The last line; a file without it is not whole."""

    rows: int
