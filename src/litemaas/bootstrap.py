"""The one place that opens pools and wires rooms. Edges call it; it knows none of them."""

import asyncio
import contextlib
import logging
import socket
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import asyncpg

from litemaas import migrations
from litemaas.domain.administration.banners import BannerService
from litemaas.domain.administration.budgets import AccountService
from litemaas.domain.administration.discovery import DiscoveryService
from litemaas.domain.administration.guardrails import GuardrailService
from litemaas.domain.administration.keys import KeyService
from litemaas.domain.administration.ledger import LedgerService
from litemaas.domain.administration.management_keys import ManagementKeyService
from litemaas.domain.administration.models import CatalogService
from litemaas.domain.administration.notice_channels import ChannelService
from litemaas.domain.administration.price_changes import PriceService
from litemaas.domain.administration.requests import AccessRequestService
from litemaas.domain.administration.site import SiteService
from litemaas.domain.administration.teams import TeamService
from litemaas.domain.administration.users import UserService
from litemaas.domain.admission import AdmissionService
from litemaas.domain.audit.search import AuditSearch
from litemaas.domain.budgets.keeping import give_back, give_way, keep_leases
from litemaas.domain.budgets.service import WANTED_CHANNEL, BudgetService
from litemaas.domain.guardrails.tally import Tally
from litemaas.domain.health_checks import HealthChecks
from litemaas.domain.noticing.sending import Sender
from litemaas.domain.noticing.watching import NoticeWatch
from litemaas.domain.openshift_ai.service import OpenShiftAi
from litemaas.domain.rate_limits.service import ShareService
from litemaas.domain.rate_limits.shares import ShareStore
from litemaas.domain.rate_limits.store import PostgresShares
from litemaas.domain.replicas.service import REPLICAS_CHANNEL, Roster
from litemaas.domain.sharing import LimitSharing
from litemaas.domain.shipping import Shipper
from litemaas.domain.snapshot import CHANGES_CHANNEL, Snapshot
from litemaas.domain.spend.labels import LabelReports
from litemaas.domain.spend.reports import SpendReports
from litemaas.domain.upstream_objects.service import UpstreamObjects
from litemaas.providers.upstream import Upstreams
from litemaas.settings import Settings
from litemaas.storage.journal import Journal, JournalError
from litemaas.storage.notifications import listen
from litemaas.storage.postgres import PASSING_ERRORS, Pool, open_pool
from litemaas.storage.vault import Vault, VaultError

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from litemaas.storage.answer_store import AnswerStore

_POLL_SECONDS = 1.0
_CATCH_UP_SECONDS = 10.0
_TIDY_SECONDS = 300.0
_SALT_CHECK = "litemaas"

_log = logging.getLogger(__name__)


class StartError(Exception):
    """LiteMaaS cannot start; the message says what to do."""


@dataclass(kw_only=True)
class Platform:
    """Everything that the edges work with."""

    settings: Settings
    pool: Pool
    vault: Vault
    snapshot: Snapshot
    budgets: BudgetService
    shares: ShareService
    sharing: LimitSharing
    redis: "Redis | None"
    answers: "AnswerStore | None"
    admissions: AdmissionService
    journal: Journal
    shipper: Shipper
    upstreams: Upstreams
    objects: UpstreamObjects
    keys: KeyService
    management_keys: ManagementKeyService
    users: UserService
    teams: TeamService
    catalog: CatalogService
    prices: PriceService
    discovery: DiscoveryService
    accounts: AccountService
    reports: SpendReports
    labels: LabelReports
    ledger: LedgerService
    health_checks: HealthChecks
    channels: ChannelService
    notice_watch: NoticeWatch
    guardrails: GuardrailService
    guardrail_tally: Tally
    requests: AccessRequestService
    banners: BannerService
    site: SiteService
    audit: AuditSearch
    draining: bool = False
    """The process is to end: it takes no more than it has."""


@asynccontextmanager
async def open_platform(settings: Settings) -> AsyncIterator[Platform]:
    """Open everything, keep it going, and close it in order.

    Raises:
        StartError: Something that must be there is not.
    """
    pool = await _connect(settings)
    try:
        vault = Vault(settings.access.salt_key, settings.access.salt_key_previous)
        await _check(pool, vault)
        try:
            journal = Journal(settings.journal.journal_dir / str(holder := uuid4()))
        except JournalError as error:
            raise StartError(f"{error} LITEMAAS_DATA_DIR names the folder.") from error
        snapshot = Snapshot(pool, vault)
        budgets = BudgetService(pool, holder, settings.budgets.lease_seconds)
        shares, redis = ShareService(), _open_redis(settings)
        roster = Roster(pool, holder, lambda: time.monotonic() - snapshot.confirmed_at)
        upstreams = Upstreams(settings.upstream.max_connections, settings.upstream.ca_bundle)
        sender = Sender(vault, settings.upstream.ca_bundle)
        admissions = AdmissionService(
            snapshot,
            budgets,
            settings.requests,
            settings.access.master_key,
            settings.snapshot.max_snapshot_age,
            shares=shares,
        )
        platform = Platform(
            settings=settings,
            pool=pool,
            vault=vault,
            snapshot=snapshot,
            budgets=budgets,
            shares=shares,
            sharing=LimitSharing(roster, shares, PostgresShares(pool, holder), _redis_shares(redis, holder)),
            redis=redis,
            answers=_answer_store(redis),
            admissions=admissions,
            journal=journal,
            shipper=Shipper(pool, journal, budgets),
            upstreams=upstreams,
            objects=UpstreamObjects(pool),
            keys=KeyService(pool),
            management_keys=ManagementKeyService(pool),
            users=UserService(pool),
            teams=TeamService(pool),
            catalog=CatalogService(pool, vault),
            prices=PriceService(pool),
            discovery=DiscoveryService(pool, upstreams, OpenShiftAi(settings.discovery)),
            accounts=AccountService(pool),
            reports=SpendReports(pool),
            labels=LabelReports(pool),
            ledger=LedgerService(pool, settings.journal.ledger_months),
            health_checks=HealthChecks(pool, snapshot, upstreams, settings.health.health_check_seconds),
            channels=ChannelService(pool, vault, sender),
            notice_watch=NoticeWatch(
                pool,
                sender,
                snapshot,
                journal,
                host=socket.gethostname(),
                journal_bound=settings.journal.journal_max_bytes,
            ),
            guardrails=GuardrailService(pool),
            guardrail_tally=Tally(),
            requests=AccessRequestService(pool),
            banners=BannerService(pool),
            site=SiteService(pool),
            audit=AuditSearch(pool),
        )
        await snapshot.catch_up()
        await platform.sharing.join()
        tasks = [asyncio.create_task(work) for work in _background(platform)]
        try:
            yield platform
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await _leave(platform)
    finally:
        await _close_pool(pool)


async def _connect(settings: Settings) -> Pool:
    if not settings.database.url:
        raise StartError(
            "DATABASE_URL is not set. It names the PostgreSQL database, e.g. postgresql://user@host/litemaas."
        )
    if not settings.access.salt_key:
        raise StartError("LITEMAAS_SALT_KEY is not set. It encrypts provider credentials; generate one and keep it.")
    try:
        return await open_pool(settings.database.url, settings.database.database_pool_size)
    except (asyncpg.PostgresError, *PASSING_ERRORS) as error:
        raise StartError(f"The database does not let us in: {error or type(error).__name__}.") from error


def _open_redis(settings: Settings) -> "Redis | None":
    if not settings.redis.url:
        return None
    try:
        from litemaas.storage.redis import open_redis  # noqa: PLC0415 - large, and only needed with a REDIS_URL
    except ImportError as error:
        raise StartError("REDIS_URL is set, but the package redis is missing: install litemaas[redis].") from error
    try:
        return open_redis(settings.redis.url)
    except ValueError as error:
        raise StartError("REDIS_URL cannot be read. It looks like redis://user:password@host:6379/0.") from error


def _redis_shares(redis: "Redis | None", holder: UUID) -> ShareStore | None:
    if redis is None:
        return None
    from litemaas.domain.rate_limits.redis_store import RedisShares  # noqa: PLC0415 - as above

    return RedisShares(redis, holder)


def _answer_store(redis: "Redis | None") -> "AnswerStore | None":
    if redis is None:
        return None
    from litemaas.storage.answer_store import AnswerStore  # noqa: PLC0415 - as above

    return AnswerStore(redis)


async def _check(pool: Pool, vault: Vault) -> None:
    async with pool.acquire() as connection:
        revision, head = await migrations.current_revision(connection), migrations.head_revision()
        if revision != head:
            raise StartError(
                f"The database has schema {revision or 'none'}, this version needs {head}. Run 'litemaas migrate'."
            )
        sealed = await connection.fetchval("SELECT sealed FROM salt_check")
        if sealed is None:
            await connection.execute(
                "INSERT INTO salt_check (sealed) VALUES ($1) ON CONFLICT DO NOTHING", vault.seal(_SALT_CHECK)
            )
            sealed = await connection.fetchval("SELECT sealed FROM salt_check")
    try:
        vault.open(sealed)
    except VaultError as error:
        raise StartError(
            "LITEMAAS_SALT_KEY is not the one that this database's credentials were encrypted with."
        ) from error


def _background(platform: Platform) -> list[Coroutine[Any, Any, None]]:
    shipper, budgets = platform.shipper, platform.budgets
    changed = asyncio.Event()
    wanted: asyncio.Queue[str] = asyncio.Queue()
    sharing = platform.sharing
    channels = {
        CHANGES_CHANNEL: lambda _: changed.set(),
        WANTED_CHANNEL: wanted.put_nowait,
        REPLICAS_CHANNEL: lambda _: sharing.changed.set(),
    }

    def may_have_missed_some() -> None:
        changed.set()
        sharing.changed.set()

    return [
        listen(platform.settings.database.listen_url, channels, may_have_missed_some),
        _follow(platform.snapshot, changed),
        _give_way_forever(budgets, wanted),
        keep_leases(budgets),
        shipper.run(),
        shipper.adopt_orphans(platform.settings.journal.journal_dir),
        platform.ledger.keep_forever(),
        platform.health_checks.run(),
        platform.notice_watch.run(),
        platform.upstreams.sweep_forever(),
        sharing.run(),
        _tidy(platform),
    ]


async def _follow(snapshot: Snapshot, changed: asyncio.Event) -> None:
    """Keep the snapshot current: at once when notified, and each second anyway."""
    while True:
        # Not `wait_for`: before Python 3.12 it forgets a cancellation that comes together with its result.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_POLL_SECONDS):
                await changed.wait()
        changed.clear()
        try:
            async with asyncio.timeout(_CATCH_UP_SECONDS):
                await snapshot.catch_up()
        except PASSING_ERRORS as error:
            away = time.monotonic() - snapshot.confirmed_at
            _log.info("the snapshot is %.0f s old: %s", away, type(error).__name__)
        except asyncpg.PostgresError:
            _log.exception("the snapshot cannot be brought up to date")


async def _give_way_forever(budgets: BudgetService, wanted: asyncio.Queue[str]) -> None:
    while True:
        payload = await wanted.get()
        try:
            await give_way(budgets, payload)
        except (asyncpg.PostgresError, *PASSING_ERRORS):
            pass  # the one who asked cannot be served by anybody now


async def _tidy(platform: Platform) -> None:
    while True:
        await asyncio.sleep(_TIDY_SECONDS)
        platform.admissions.forget_idle()
        try:
            await platform.snapshot.prune_changes()
        except (asyncpg.PostgresError, *PASSING_ERRORS):
            pass  # next time


async def _leave(platform: Platform) -> None:
    """Ship what is left, and give back what we hold."""
    try:
        if await asyncio.wait_for(platform.shipper.drain(), 30):
            await give_back(platform.budgets, list(platform.budgets.leases.values()))
    except (asyncpg.PostgresError, *PASSING_ERRORS):
        _log.warning("spend stays in the journal %s until a replica adopts it", platform.journal.folder)
    platform.upstreams.close()
    platform.journal.close()
    if platform.redis is not None:
        await platform.redis.aclose()


async def _close_pool(pool: Pool) -> None:
    try:
        await asyncio.wait_for(pool.close(), 5)
    except (asyncpg.PostgresError, *PASSING_ERRORS):
        pool.terminate()
