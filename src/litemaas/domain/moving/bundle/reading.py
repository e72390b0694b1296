"""Reading a file that `exporting` wrote: line by line, refusing what is damaged, foreign or newer than we are."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby, islice

import msgspec

from litemaas.domain.moving.bundle.lines import CHECK, FORMAT, End, Header, RowLine
from litemaas.domain.moving.bundle.sealing import PassphraseBox, destination_of
from litemaas.domain.moving.entities import Bundle, Chunk, Finding, Row, Verdict
from litemaas.domain.moving.errors import UnreadableSourceError, WrongSecretError
from litemaas.domain.moving.tables import OMITTED, TABLES
from litemaas.migrations import head_revision
from litemaas.settings import Secret

_ROWS_AT_ONCE = 1000
_decoder: msgspec.json.Decoder[Header | RowLine | End] = msgspec.json.Decoder(
    Header | RowLine | End, float_hook=Decimal
)


def read_header(line: bytes) -> Header:
    """Read the first line.

    Raises:
        UnreadableSourceError: It is none that we understand.
    """
    header = _decode(line)
    if not isinstance(header, Header):
        raise UnreadableSourceError("This is not a file of `litemaas export`.")
    if header.format > FORMAT or header.schema > head_revision():
        raise UnreadableSourceError(
            f"A newer LiteMaaS wrote this file (schema {header.schema}; this one has {head_revision()}): upgrade first."
        )
    return header


def read_bundle(header: Header, lines: Iterable[bytes], passphrase: Secret | None) -> Bundle:
    """Read the lines after the header.

    Args:
        header: As `read_header` has it.
        lines: They are read as the bundle's chunks are asked for.
        passphrase: Of sealed credentials.

    Raises:
        WrongSecretError: The credentials are sealed under another passphrase, or none is given.
    """
    findings = []
    box = None
    if header.secrets == "sealed":
        if passphrase is None:
            raise WrongSecretError("The providers' credentials in this file are sealed: give its passphrase.")
        box = PassphraseBox(passphrase, header.salt)
        box.open(header.check, CHECK)
    else:
        reason = "The file was written without providers' credentials: models that need one get it from you."
        findings.append(Finding(verdict=Verdict.NOTED, kind="deployment", name="all", reason=reason))
    return Bundle(source=f"litemaas export of {header.made_at}", chunks=_chunks(lines, box), findings=findings)


def _chunks(lines: Iterable[bytes], box: PassphraseBox | None) -> Iterator[Chunk]:
    for table, some in groupby(_rows(lines, box), key=lambda pair: pair[0]):
        while rows := [row for _, row in islice(some, _ROWS_AT_ONCE)]:
            yield Chunk(table, rows)


def _rows(lines: Iterable[bytes], box: PassphraseBox | None) -> Iterator[tuple[str, Row]]:
    count = 0
    for text in lines:
        line = _decode(text)
        if isinstance(line, End):
            if line.rows != count:
                break
            return
        if isinstance(line, Header) or line.table not in TABLES or line.row.keys() & set(OMITTED.get(line.table, ())):
            raise UnreadableSourceError("The file holds a line that `litemaas export` does not write.")
        row = line.row
        if line.credential and box:
            row["credential"] = box.open(line.credential, destination_of(row))
        yield line.table, row
        count += 1
    raise UnreadableSourceError(f"The file is not whole: it breaks off after {count} rows.")


def _decode(line: bytes) -> Header | RowLine | End:
    try:
        return _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableSourceError(f"This is not a file of `litemaas export`, or it is damaged: {error}.") from error
