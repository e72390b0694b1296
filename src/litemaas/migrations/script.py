"""Runs a whole SQL script inside a migration.

asyncpg prepares what SQLAlchemy executes, and a prepared statement holds one command only. Its own `execute` speaks the
simple query protocol, which takes a script; the transaction that Alembic opened covers it all the same.
"""

from typing import Any

from alembic import op
from sqlalchemy import text
from sqlalchemy.util import await_only


def run_script(sql: str) -> None:
    """Execute `sql`, any number of statements, in the migration's transaction.

    Raises:
        asyncpg.PostgresError: A statement failed; the migration is rolled back.
    """
    bind = op.get_bind()
    bind.execute(text("SELECT 1"))  # the driver opens its transaction with the first statement that it prepares
    connection: Any = bind.connection.driver_connection
    await_only(connection.execute(sql))
