"""Files that are larger than any memory should be."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from support.gateway import server_process
from support.wire import wire_to

pytestmark = pytest.mark.xdist_group("large_uploads")

MEBIBYTE = 1 << 20
SIZE = 500 * MEBIBYTE
MOST_GROWTH = 64 * MEBIBYTE
HEAD = (
    "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {key}\r\n"
    "Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n"
)
FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
MODEL = b'\r\n--b\r\nContent-Disposition: form-data; name="model"\r\n\r\n%b\r\n--b--\r\n'


class Swallower:
    """An upstream that counts what it is sent."""

    def __init__(self) -> None:
        self.url = ""
        self.received = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        while self.received < length:
            self.received += len(await reader.read(MEBIBYTE))
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"text": "Hi."}')
        await writer.drain()
        writer.close()


@asynccontextmanager
async def swallower() -> AsyncIterator[Swallower]:
    upstream = Swallower()
    server = await asyncio.start_server(upstream.serve, "127.0.0.1", 0, limit=MEBIBYTE)
    upstream.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield upstream
    finally:
        server.close()


def peak_memory(process: int) -> int:
    """Bytes that a process had resident at most."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024


async def upload(address: tuple[str, int], key: str, model: str, size: int) -> tuple[int, bytes]:
    async with wire_to(address) as wire:
        await wire.send(HEAD.format(key=key).encode())
        await wire.send(chunk(FILE))
        for _ in range(size // MEBIBYTE):
            await wire.send(chunk(bytes(MEBIBYTE)))
        await wire.send(chunk(MODEL % model.encode()) + b"0\r\n\r\n")
        answer = await wire.answer()
        return answer.status, answer.body


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


async def test_a_file_of_500_megabytes_never_is_in_memory(database_url: str, tmp_path: Path):
    bounds = {"LITEMAAS_MAX_UPLOAD_BYTES": str(2 * SIZE), "LITEMAAS_MAX_SPOOL_BYTES": str(2 * SIZE)}
    spool = tmp_path / "spool"
    spool.mkdir()
    async with (
        swallower() as upstream,
        server_process(database_url, tmp_path, LITEMAAS_UPLOAD_DIR=str(spool), **bounds) as server,
    ):
        model = await server.rows.model(upstream.url)
        key = await server.rows.key()
        assert (await upload(server.address, key, model, MEBIBYTE))[0] == 200  # everything is imported
        before = peak_memory(server.process.pid)
        upstream.received = 0
        assert await upload(server.address, key, model, SIZE) == (200, b'{"text": "Hi."}')
        assert upstream.received > SIZE
        assert peak_memory(server.process.pid) - before < MOST_GROWTH
        assert not list(spool.iterdir())


async def test_an_upload_that_is_too_large_is_refused_before_it_is_all_there(database_url: str, tmp_path: Path):
    async with (
        swallower() as upstream,
        server_process(database_url, tmp_path, LITEMAAS_MAX_UPLOAD_BYTES=str(4 * MEBIBYTE)) as server,
    ):
        await server.rows.model(upstream.url)
        key = await server.rows.key()
        async with wire_to(server.address) as wire:
            await wire.send(HEAD.format(key=key).encode() + chunk(FILE))
            for _ in range(5):
                await wire.send(chunk(bytes(MEBIBYTE)))
            assert (await wire.answer()).status == 413
        assert not upstream.received
