import json
from decimal import Decimal

import pytest

from factories import add_key, add_model, add_team, add_user, digest, journal_line
from litemaas.domain.moving.bundle.exporting import ExportService
from litemaas.domain.moving.bundle.reading import read_bundle, read_header
from litemaas.domain.moving.entities import Verdict
from litemaas.domain.moving.errors import UnreadableSourceError, WrongSecretError
from litemaas.domain.moving.tables import HISTORY, STAYING, TABLES
from litemaas.domain.snapshot import Snapshot
from litemaas.domain.spend.ledger import write_lines
from litemaas.settings import Secret
from support.moving import counted, told

PASSPHRASE = Secret("a long passphrase")


@pytest.fixture
async def furnished(home):
    """A database of ours with something in every corner that people fill."""
    async with home.pool.acquire() as connection:
        await connection.execute(
            "INSERT INTO budgets (id, max_budget, budget_duration) VALUES ('b', 12.345678901234567890123, '30d')"
        )
        await add_user(connection, "alice", metadata={"share": 0.5, "note": "é"}, issuer="openshift", subject="u-1")
        await add_team(connection, "t")
        await connection.execute("INSERT INTO team_members (team_id, user_id) VALUES ('t', 'alice')")
        key_id = await add_key(connection, "sk-of-alice", alias="alice", user_id="alice", team_id="t")
        account = f"key:{key_id}"
        await connection.execute("INSERT INTO accounts (id, budget_id) VALUES ($1, 'b')", account)
        await connection.execute("INSERT INTO balances (account_id, spent, leased) VALUES ($1, 1.1, 5)", account)
        credential = home.vault.seal("sk-upstream")
        deployment = await add_model(connection, "granite", api_base="http://vllm/v1", credential=credential)
        await connection.execute("INSERT INTO prices (deployment_id, input_token) VALUES ($1, 0.0000025)", deployment)
        await connection.execute(
            "INSERT INTO site_settings VALUES ('footer', '\"text\"', now()), ('share', '0.1', now());"
            "INSERT INTO branding_images VALUES ('logo', 'image/png', '\\x0001ff', 'd')"
        )
        await write_lines(connection, journal_line(key_id=str(key_id), user_id="alice", cost="0.000000000001"))
    return home


async def exported(home, passphrase=PASSPHRASE, *, with_history=False) -> list[bytes]:
    service = ExportService(home.pool, home.vault)
    return [line async for line in service.lines(passphrase=passphrase, with_history=with_history)]


def bundle(lines, passphrase=PASSPHRASE):
    return read_bundle(read_header(lines[0]), iter(lines[1:]), passphrase)


async def contents(home) -> dict[str, list[str]]:
    """All rows of all tables that move, as text, without what an import adds by itself."""
    tables = {name for name in TABLES if name != "audit_log"}
    statement = "SELECT (to_jsonb(whole) - '{{leased,credential}}'::text[])::text AS row FROM {} AS whole ORDER BY 1"
    return {table: [row["row"] for row in await home.rows(statement.format(table))] for table in tables}


async def test_everything_is_the_same_in_another_database(furnished, other_home):
    await other_home.bring_in(bundle(await exported(furnished, with_history=True)))
    assert await contents(other_home) == await contents(furnished)
    snapshot = Snapshot(other_home.pool, other_home.vault)
    await snapshot.catch_up()
    assert snapshot.keys[digest("sk-of-alice")].user_id == "alice"
    row = await other_home.row("SELECT credential FROM deployments")
    assert other_home.vault.open(row["credential"]) == "sk-upstream"


async def test_leases_stay_with_those_who_hold_them(furnished, other_home):
    await other_home.bring_in(bundle(await exported(furnished)))
    assert await other_home.row("SELECT spent, leased FROM balances") == {"spent": Decimal("1.1"), "leased": 0}


async def test_a_second_import_changes_nothing(furnished, other_home):
    lines = await exported(furnished, with_history=True)
    first = await other_home.bring_in(bundle(lines))
    second = await other_home.bring_in(bundle(lines), update=True)
    assert counted(second, Verdict.UNCHANGED) == counted(first, Verdict.CREATED)
    assert counted(second, Verdict.CREATED) == counted(second, Verdict.UPDATED) == {}


async def test_single_calls_are_left_out_unless_asked_for_and_daily_spend_is_not(furnished):
    tables = [json.loads(line).get("table") for line in await exported(furnished)]
    assert HISTORY not in tables
    assert "daily_spend" in tables


async def test_every_table_either_moves_or_stays_for_a_reason(home):
    tables = await home.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition"
    )
    assert {row["relname"] for row in tables} == TABLES.keys() | STAYING.keys()


async def test_secrets_are_not_in_the_file_in_the_open(furnished):
    text = b"".join(await exported(furnished))
    assert b"sk-upstream" not in text
    assert b"sk-of-alice" not in text


async def test_a_file_without_secrets_says_so_and_keeps_those_that_are_here(furnished, other_home):
    await other_home.bring_in(bundle(await exported(furnished)))
    lines = await exported(furnished, None)
    report = await other_home.bring_in(bundle(lines, None), update=True)
    assert ("deployment", "all") in told(report, Verdict.NOTED)
    assert (await other_home.row("SELECT credential FROM deployments"))["credential"] is not None


async def test_a_stored_credential_is_not_sent_to_an_address_from_a_file(furnished):
    lines = [line.replace(b"http://vllm/v1", b"http://evil/v1") for line in await exported(furnished, None)]
    report = await furnished.bring_in(bundle(lines, None), update=True)
    assert told(report, Verdict.REFUSED) == [("deployment", "granite-deployment")]
    assert (await furnished.row("SELECT api_base FROM deployments"))["api_base"] == "http://vllm/v1"


async def test_a_sealed_credential_does_not_open_for_another_address(furnished, other_home):
    lines = [line.replace(b"http://vllm/v1", b"http://evil/v1") for line in await exported(furnished)]
    with pytest.raises(WrongSecretError):
        await other_home.bring_in(bundle(lines))
    assert await other_home.rows("SELECT FROM keys UNION ALL SELECT FROM deployments") == []


@pytest.mark.parametrize("passphrase", [Secret("another passphrase"), None])
async def test_the_wrong_passphrase_is_told_before_anything_is_read(furnished, passphrase):
    with pytest.raises(WrongSecretError):
        bundle(await exported(furnished), passphrase)


async def test_a_file_that_breaks_off_brings_nothing_in(furnished, other_home):
    lines = await exported(furnished)
    for broken in (lines[:-1], [*lines[:3], *lines[4:]]):
        with pytest.raises(UnreadableSourceError, match="not whole"):
            await other_home.bring_in(bundle(broken))
    assert await other_home.rows("SELECT FROM users") == []


@pytest.mark.parametrize(
    "row",
    [
        {"id": "b", "max_budget) VALUES (1); DROP TABLE keys; --": 1},
        {"id": "b", "max_budget": "much"},
        {"id": "b", "no_such_column": 1},
    ],
)
async def test_a_row_that_is_none_of_ours_refuses_the_file(home, row):
    lines = await exported(home)
    forged = json.dumps({"line": "row", "table": "budgets", "row": row}).encode()
    end = json.dumps({"line": "end", "rows": len(lines) - 1}).encode()
    with pytest.raises(UnreadableSourceError):
        await home.bring_in(bundle([*lines[:-1], forged, end]))
    assert await home.rows("SELECT FROM keys UNION ALL SELECT FROM budgets") == []


@pytest.mark.parametrize("table", ["sessions", "salt_check", "pg_authid"])
async def test_tables_that_stay_are_not_written(home, table):
    lines = await exported(home)
    forged = json.dumps({"line": "row", "table": table, "row": {}}).encode()
    with pytest.raises(UnreadableSourceError):
        await home.bring_in(bundle([*lines[:-1], forged]))


async def test_a_newer_file_asks_for_an_upgrade(home):
    header = json.loads((await exported(home))[0]) | {"schema": "9999"}
    with pytest.raises(UnreadableSourceError, match="upgrade"):
        read_header(json.dumps(header).encode())


@pytest.mark.parametrize("line", [b"", b"{}", b"PK\x03\x04", b'{"line":"end","rows":0}'])
def test_what_is_no_bundle_is_refused(line):
    with pytest.raises(UnreadableSourceError):
        read_header(line)


async def test_the_money_of_a_key_that_is_here_under_another_id_stays_its_own(furnished, other_home):
    async with other_home.pool.acquire() as connection:
        there = await add_key(connection, "sk-of-alice", alias="alice")
    await other_home.bring_in(bundle(await exported(furnished)))
    assert await other_home.rows("SELECT id FROM keys") == [{"id": there}]
    assert await other_home.rows("SELECT account_id FROM balances") == [{"account_id": f"key:{there}"}]
    assert await other_home.rows("SELECT key_id FROM daily_spend") == [{"key_id": str(there)}]
