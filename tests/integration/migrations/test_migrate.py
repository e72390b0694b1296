"""A database is brought up to date: completely, once, or not at all."""

import asyncio

import pytest

from litemaas.migrations import MigrationError, Patience, current_revision, head_revision, migrate
from support.sql import connected, fetch_value

TABLES = "SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'"
IMPATIENT = Patience(table_lock=0.05, attempts=3, pause=0.01)


async def run(url, history, **options):
    return await asyncio.to_thread(migrate, url, versions=history.folder, **options)


async def revision_of(url):
    async with connected(url) as connection:
        return await current_revision(connection)


async def test_an_empty_database_gets_all_migrations_and_then_none(empty_database_url, history):
    assert await revision_of(empty_database_url) is None
    assert await run(empty_database_url, history) == ["0001", "0002"]
    assert await revision_of(empty_database_url) == "0002"
    assert await fetch_value(empty_database_url, TABLES) == "alembic_version teams users"
    assert await run(empty_database_url, history) == []


async def test_our_own_schema_is_applied_to_the_head(empty_database_url):
    applied = await asyncio.to_thread(migrate, empty_database_url)
    assert applied[-1] == head_revision()
    assert await revision_of(empty_database_url) == head_revision()


async def test_a_database_that_is_behind_gets_what_it_lacks(empty_database_url, history):
    await run(empty_database_url, history)
    history.add("CREATE TABLE keys (id text);")
    assert await run(empty_database_url, history) == ["0003"]


async def test_progress_is_told(empty_database_url, history):
    told = []
    await run(empty_database_url, history, on_progress=told.append)
    history.add("CREATE TABLE keys (id text);")
    await run(empty_database_url, history, on_progress=told.append)
    assert told == ["Creating the schema.", "Applying migration 0003."]


async def test_the_short_scheme_of_the_url_will_do(empty_database_url, history):
    assert await run(empty_database_url.replace("postgresql://", "postgres://"), history)


async def test_tables_go_to_public_whatever_the_roles_search_path_is(empty_database_url, history):
    async with connected(empty_database_url) as connection:
        await connection.execute("CREATE SCHEMA elsewhere")
        database = await connection.fetchval("SELECT current_database()")
        await connection.execute(f"ALTER DATABASE {database} SET search_path = elsewhere")
    await run(empty_database_url, history)
    assert await fetch_value(empty_database_url, TABLES) == "alembic_version teams users"


async def test_a_database_ahead_of_the_program_is_refused(empty_database_url, history):
    await run(empty_database_url, history)
    (history.folder / "0002_change.py").unlink()
    with pytest.raises(MigrationError, match="at revision 0002, but this LiteMaaS knows revisions up to 0001"):
        await run(empty_database_url, history)


async def test_a_failing_migration_leaves_nothing_behind_and_can_be_mended(empty_database_url, history):
    history.add("CREATE TABLE keys (id text); SELECT 1 / 0;")
    with pytest.raises(MigrationError, match=r"^Migration 0003 failed and was rolled back: division by zero$"):
        await run(empty_database_url, history)
    assert await revision_of(empty_database_url) == "0002"
    assert await fetch_value(empty_database_url, TABLES) == "alembic_version teams users"

    broken = history.folder / "0003_change.py"
    broken.write_text(broken.read_text().replace("SELECT 1 / 0;", ""))
    assert await run(empty_database_url, history) == ["0003"]


async def test_a_failing_first_migration_leaves_an_empty_database(empty_database_url, history):
    first = history.folder / "0001_change.py"
    first.write_text(first.read_text().replace("CREATE TABLE users (id text);", "nonsense;"))
    with pytest.raises(MigrationError, match="Migration 0001 failed"):
        await run(empty_database_url, history)
    assert await fetch_value(empty_database_url, TABLES) is None


async def test_a_migration_may_leave_its_transaction_for_a_concurrent_index(empty_database_url, history):
    history.add("")
    (history.folder / "0003_change.py").write_text(
        "from alembic import op\n"
        'revision, down_revision = "0003", "0002"\n'
        "def upgrade():\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("CREATE INDEX CONCURRENTLY teams_id ON teams (id)")\n'
    )
    assert await run(empty_database_url, history) == ["0001", "0002", "0003"]
    assert await fetch_value(
        empty_database_url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'teams_id'::regclass"
    )


async def test_a_table_in_use_is_waited_for_only_briefly_again_and_again(empty_database_url, history):
    await run(empty_database_url, history)
    history.add("ALTER TABLE teams ADD COLUMN colour text;")
    told = []
    async with connected(empty_database_url) as reader, reader.transaction():
        await reader.fetch("SELECT * FROM teams")
        with pytest.raises(MigrationError, match="0003 could not lock its tables in 3 attempts: end the sessions"):
            await run(empty_database_url, history, patience=IMPATIENT, on_progress=told.append)
    assert told[1:] == [f"Migration 0003 waits for tables in use (attempt {n} of 3)." for n in (1, 2)]
    assert await run(empty_database_url, history, patience=IMPATIENT) == ["0003"]


async def test_a_table_that_becomes_free_in_time_is_migrated(empty_database_url, history):
    await run(empty_database_url, history)
    history.add("ALTER TABLE teams ADD COLUMN colour text;")
    loop, waits = asyncio.get_running_loop(), asyncio.Event()

    def on_progress(sentence: str) -> None:
        if "waits for tables" in sentence:
            loop.call_soon_threadsafe(waits.set)

    patience = Patience(table_lock=0.05, attempts=1_000, pause=0.01)
    async with connected(empty_database_url) as reader, reader.transaction():
        await reader.fetch("SELECT * FROM teams")
        migrating = asyncio.create_task(run(empty_database_url, history, patience=patience, on_progress=on_progress))
        await waits.wait()
    assert await migrating == ["0003"]
