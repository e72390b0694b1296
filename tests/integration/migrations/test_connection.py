"""How a migration reaches its database, and what it says when it does not."""

import asyncio
import socket
from urllib.parse import urlsplit

import pytest

from litemaas.migrations import MigrationError, Patience, migrate
from support.certificates import CertificateAuthority
from support.forwarder import forwarding

IMPATIENT = Patience(database=0.2)


async def run(url, history, **options):
    return await asyncio.to_thread(migrate, url, versions=history.folder, **options)


@pytest.fixture
def closed_port():
    with socket.socket() as bound_but_deaf:
        bound_but_deaf.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound_but_deaf.bind(("127.0.0.1", 0))
        yield bound_but_deaf.getsockname()[1]


async def test_a_database_that_does_not_answer_is_named_without_the_password(history, closed_port):
    told = []
    url = f"postgresql://litemaas:geheim@127.0.0.1:{closed_port}/litemaas"
    with pytest.raises(MigrationError) as refusal:
        await run(url, history, patience=IMPATIENT, on_progress=told.append)
    assert f"at 127.0.0.1:{closed_port}/litemaas did not answer within 0.2 s" in str(refusal.value)
    assert told == [f"Waiting for the database at 127.0.0.1:{closed_port}/litemaas."]
    assert "geheim" not in str(refusal.value)


async def test_a_database_that_comes_up_late_is_waited_for(empty_database_url, history):
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    address = urlsplit(empty_database_url)
    late = address._replace(netloc=f"{address.username}:{address.password}@127.0.0.1:{port}").geturl()
    loop, waits = asyncio.get_running_loop(), asyncio.Event()
    migrating = asyncio.create_task(run(late, history, on_progress=lambda _: loop.call_soon_threadsafe(waits.set)))
    await waits.wait()
    async with forwarding(empty_database_url, port=port):
        assert await migrating == ["0001", "0002"]


@pytest.mark.parametrize(
    ("part", "replacement", "reason"),
    [
        (lambda url: url.password, "geheim", "password authentication failed"),
        (lambda url: url.path, "/nowhere", 'database "nowhere" does not exist'),
    ],
)
async def test_a_refusal_is_told_at_once_and_without_the_password(
    empty_database_url, history, part, replacement, reason
):
    wrong = empty_database_url.replace(part(urlsplit(empty_database_url)), replacement)
    with pytest.raises(MigrationError, match=f"refuses the connection.*{reason}") as refusal:
        await run(wrong, history)
    assert urlsplit(wrong).password not in str(refusal.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost/litemaas",
        "mysql://litemaas:geheim@localhost/litemaas",
        "postgresql://litemaas:geheim#1@localhost/litemaas",
        "postgresql://litemaas:geheim/1@localhost/litemaas",
    ],
)
async def test_a_url_that_is_none_is_refused_without_quoting_it(history, url):
    with pytest.raises(MigrationError, match="not a URL of the form") as refusal:
        await run(url, history)
    assert "geheim" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("sslmode=sometimes", "`sslmode` parameter must be one of"),
        ("sslmode=verify-full&sslrootcert=/nowhere/ca.pem", "names /nowhere/ca.pem as sslrootcert, which cannot be"),
    ],
)
async def test_wrong_tls_settings_are_told_at_once(empty_database_url, history, query, reason):
    with pytest.raises(MigrationError, match=reason):
        await run(f"{empty_database_url}?{query}", history)


async def test_tls_is_required_when_the_url_says_so(empty_database_url, history):
    with pytest.raises(MigrationError, match="rejected SSL upgrade"):
        await run(f"{empty_database_url}?sslmode=require", history, patience=IMPATIENT)


async def test_a_server_of_our_ca_is_trusted(empty_database_url, history, tmp_path):
    authority = CertificateAuthority(tmp_path)
    async with forwarding(empty_database_url, tls=authority.server_context()) as url:
        verified = f"{url}?sslmode=verify-full&sslrootcert={authority.file}"
        assert await run(verified, history) == ["0001", "0002"]


async def test_a_server_of_another_ca_is_not(empty_database_url, history, tmp_path):
    ours, theirs = CertificateAuthority(tmp_path, "ours"), CertificateAuthority(tmp_path, "theirs")
    async with forwarding(empty_database_url, tls=theirs.server_context()) as url:
        with pytest.raises(MigrationError, match=r"is not trusted \(.*name its CA's file as sslrootcert"):
            await run(f"{url}?sslmode=verify-full&sslrootcert={ours.file}", history)
