"""Certificates are always checked, against the system's authorities and the bundle that is named."""

import asyncio

import pytest

from litemaas.providers.errors import ConnectFailed
from litemaas.providers.upstream import Timeouts, Upstreams, fetch
from support.certificates import CertificateAuthority
from support.upstream import chat, completion, running_upstream


@pytest.fixture
def authority(tmp_path):
    return CertificateAuthority(tmp_path)


async def ask(upstreams: Upstreams, url: str) -> bytes:
    try:
        return (await fetch(upstreams, "POST", f"{url}/chat/completions", body=b"{}")).body
    finally:
        upstreams.close()


async def test_a_certificate_of_a_private_authority_is_trusted_when_that_is_named(authority):
    async with running_upstream(chat(), authority.server_context()) as upstream:
        assert await ask(Upstreams(ca_bundle=str(authority.file)), upstream.url) == completion()


async def test_a_connection_with_tls_is_kept_too(authority):
    async with running_upstream(chat(), authority.server_context()) as upstream:
        upstreams = Upstreams(ca_bundle=str(authority.file))
        for _ in range(3):
            await fetch(upstreams, "POST", f"{upstream.url}/chat/completions", body=b"{}")
        upstreams.close()
    assert upstream.accepted == 1


async def test_a_certificate_that_nobody_trusts_is_refused(authority):
    async with running_upstream(chat(), authority.server_context()) as upstream:
        with pytest.raises(ConnectFailed, match="not trusted") as failure:
            await ask(Upstreams(), upstream.url)
        assert failure.value.reason == "tls"
        assert not upstream.calls


async def test_a_certificate_for_another_host_is_refused(authority):
    async with running_upstream(chat(), authority.server_context("127.0.0.2")) as upstream:
        with pytest.raises(ConnectFailed, match="not trusted") as failure:
            await ask(Upstreams(ca_bundle=str(authority.file)), upstream.url)
        assert failure.value.reason == "tls"
        assert not upstream.calls


async def test_a_server_without_tls_is_told_as_such():
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    with pytest.raises(ConnectFailed) as failure:
        await ask(Upstreams(), f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1")
    assert failure.value.reason == "tls"
    server.close()


async def test_a_server_that_never_shakes_hands_is_given_up_after_the_connect_time(client, upstream):
    given_up = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        given_up.set()

    silent = await asyncio.start_server(listen, "127.0.0.1", 0)
    client.origin = client.origin._replace(scheme="https", port=silent.sockets[0].getsockname()[1])
    call = client.submit()
    call.timeouts = Timeouts(connect=0.05, first_byte=30, idle=30, total=30)
    error = (await call.done()).error
    assert isinstance(error, ConnectFailed)
    assert error.reason == "timeout"
    await given_up.wait()
    silent.close()
