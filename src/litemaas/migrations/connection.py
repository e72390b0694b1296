"""Opens the connection that a migration runs on, and waits for a database that is still starting."""

import asyncio
import os
import ssl
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import asyncpg

from litemaas.migrations.errors import MigrationError

_ATTEMPT_SECONDS = 10.0
_PAUSE_SECONDS = 0.5
_FILES = {"sslrootcert", "sslcert", "sslkey", "sslcrl"}
_STARTING = (asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError, asyncpg.PostgresConnectionError)

_SESSION = """
    SET search_path = public;
    SET timezone = 'UTC';
    SET client_min_messages = warning;
    SET statement_timeout = 0;
    SET idle_in_transaction_session_timeout = 0;
"""
"""A role's own settings must not end a long migration or put tables elsewhere."""


async def connect(url: str, *, seconds: float, on_progress: Callable[[str], None]) -> asyncpg.Connection:
    """Connect and prepare the session.

    Args:
        url: PostgreSQL URL; asyncpg reads `sslmode` and `sslrootcert` from it.
        seconds: How long to wait for a database that does not answer.
        on_progress: Is told once that it waits.

    Raises:
        MigrationError: The database does not answer in that time, or refuses us.
    """
    where = _address(url)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    has_told = False
    while True:
        try:
            connection = await asyncpg.connect(url, timeout=_ATTEMPT_SECONDS)
        except ssl.SSLCertVerificationError as error:
            raise MigrationError(
                f"The certificate of the database at {where} is not trusted ({error.verify_message}): "
                "name its CA's file as sslrootcert in DATABASE_URL."
            ) from error
        except (OSError, TimeoutError, *_STARTING) as error:
            if loop.time() >= deadline:
                raise MigrationError(
                    f"The database at {where} did not answer within {seconds:g} s ({error or 'timeout'}): "
                    "check DATABASE_URL, and that PostgreSQL runs there."
                ) from error
            if not has_told:
                on_progress(f"Waiting for the database at {where}.")
                has_told = True
            await asyncio.sleep(_PAUSE_SECONDS)
        except asyncpg.PostgresError as error:
            raise MigrationError(
                f"The database at {where} refuses the connection ({error}): check DATABASE_URL."
            ) from error
        except asyncpg.InterfaceError as error:
            raise MigrationError(f"DATABASE_URL cannot be used: {error}.") from error
        else:
            await connection.execute(_SESSION)
            return connection


def _address(url: str) -> str:
    """Return host, port and database for messages, after checks that the driver would answer less helpfully."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 5432
    except ValueError:
        raise _unreadable() from None  # the cause may quote a part of the password
    if parts.scheme not in {"postgresql", "postgres"}:
        raise _unreadable()
    for name, value in parse_qsl(parts.query):
        if name in _FILES and not os.access(value, os.R_OK):
            raise MigrationError(f"DATABASE_URL names {value} as {name}, which cannot be read.")
    return f"{host}:{port}{parts.path}" if host else f"its socket{parts.path}"


def _unreadable() -> MigrationError:
    return MigrationError(
        "DATABASE_URL is not a URL of the form postgresql://user:password@host:5432/database; "
        "characters such as # / ? @ in the password must be written as %23 %2F %3F %40."
    )
