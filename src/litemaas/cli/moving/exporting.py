"""`litemaas export`."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from litemaas.cli.errors import CommandError
from litemaas.cli.moving.destination import open_destination
from litemaas.cli.moving.options import passphrase_option, read_passphrase
from litemaas.cli.options import data_dir_option
from litemaas.domain.moving.bundle.exporting import ExportService
from litemaas.settings import Secret


@click.command()
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file; otherwise standard output.")
@click.option(
    "--secrets",
    type=click.Choice(["sealed", "none"]),
    default="sealed",
    help="sealed: providers' credentials under a passphrase; none: without them.",
)
@click.option("--with-ledger", is_flag=True, help="Also every single call; daily spend is always there.")
@passphrase_option
@data_dir_option
def export(output: Path | None, secrets: str, passphrase_env: str | None, data_dir: Path, *, with_ledger: bool) -> None:
    """Write everything of this LiteMaaS into one file.

    `litemaas import FILE` makes it the same elsewhere. Keys are in it by their hash, so that their holders keep them.
    Calls that have not reached the ledger are not in it: stop the gateways first, or move while nobody calls.
    """
    passphrase = read_passphrase(passphrase_env) if secrets == "sealed" else None
    with _written_whole(output) as file:
        count = asyncio.run(_export(file, data_dir, passphrase, with_history=with_ledger))
    print(f"Wrote {count - 2} rows{f' to {output}' if output else ''}.", file=sys.stderr)


async def _export(file: BinaryIO, data_dir: Path, passphrase: Secret | None, *, with_history: bool) -> int:
    count = 0
    async with open_destination(data_dir) as (pool, vault):
        async for line in ExportService(pool, vault).lines(passphrase=passphrase, with_history=with_history):
            file.write(line)
            count += 1
    return count


@contextmanager
def _written_whole(path: Path | None) -> Iterator[BinaryIO]:
    """A file that only its owner may read and that is there when it is whole; None: standard output."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(descriptor)
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(f"{path} cannot be written ({error.strerror}): look at the disk and its rights.") from error
