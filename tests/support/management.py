"""The management API over a real database, called without a socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from litemaas.domain.administration.banners import BannerService
from litemaas.domain.administration.budgets import AccountService
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
from litemaas.domain.budgets.service import BudgetService
from litemaas.domain.health_checks import HealthChecks
from litemaas.domain.noticing.sending import Sender
from litemaas.domain.rate_limits.service import ShareService
from litemaas.domain.rate_limits.store import PostgresShares
from litemaas.domain.replicas.service import Roster
from litemaas.domain.sharing import LimitSharing
from litemaas.domain.snapshot import Snapshot
from litemaas.domain.spend.labels import LabelReports
from litemaas.domain.spend.reports import SpendReports
from litemaas.gateway.app import create_app
from litemaas.providers.upstream import Upstreams
from litemaas.settings import Settings, read_settings
from litemaas.storage.postgres import Pool, open_pool
from litemaas.storage.vault import Vault

MASTER_KEY = "sk-master-of-these-tests"
SALT_KEY = "salt of these tests"


@dataclass(kw_only=True)
class ManagedPlatform:
    settings: Settings
    pool: Pool
    vault: Vault
    snapshot: Snapshot
    budgets: BudgetService
    sharing: LimitSharing
    admissions: AdmissionService
    keys: KeyService
    management_keys: ManagementKeyService
    users: UserService
    teams: TeamService
    accounts: AccountService
    audit: AuditSearch
    catalog: CatalogService
    prices: PriceService
    reports: SpendReports
    labels: LabelReports
    ledger: LedgerService
    health_checks: HealthChecks
    channels: ChannelService
    guardrails: GuardrailService
    requests: AccessRequestService
    banners: BannerService
    site: SiteService
    upstreams: Upstreams
    draining: bool = False


@asynccontextmanager
async def managed_platform(database_url: str) -> AsyncIterator[ManagedPlatform]:
    settings = read_settings({"DATABASE_URL": database_url, "LITELLM_MASTER_KEY": MASTER_KEY})
    pool = await open_pool(database_url, 4)
    upstreams = Upstreams()
    try:
        vault = Vault(SALT_KEY)
        snapshot = Snapshot(pool, vault)
        holder, shares = uuid4(), ShareService()
        budgets, roster = BudgetService(pool, holder, 60.0), Roster(pool, holder, lambda: 0.0)
        admissions = AdmissionService(snapshot, budgets, settings.requests, MASTER_KEY, 600.0)
        await snapshot.catch_up()
        yield ManagedPlatform(
            settings=settings,
            pool=pool,
            vault=vault,
            snapshot=snapshot,
            budgets=budgets,
            sharing=LimitSharing(roster, shares, PostgresShares(pool, holder), None),
            admissions=admissions,
            keys=KeyService(pool),
            management_keys=ManagementKeyService(pool),
            users=UserService(pool),
            teams=TeamService(pool),
            accounts=AccountService(pool),
            audit=AuditSearch(pool),
            catalog=CatalogService(pool, vault),
            prices=PriceService(pool),
            reports=SpendReports(pool),
            labels=LabelReports(pool),
            ledger=LedgerService(pool, 0),
            health_checks=HealthChecks(pool, snapshot, upstreams, 0),
            channels=ChannelService(pool, vault, Sender(vault)),
            guardrails=GuardrailService(pool),
            requests=AccessRequestService(pool),
            banners=BannerService(pool),
            site=SiteService(pool),
            upstreams=upstreams,
        )
    finally:
        upstreams.close()
        await pool.close()


class Api:
    """Calls the management API as the holder of a key; the answer must have the status that is expected."""

    def __init__(self, client: httpx.AsyncClient, key: str | None = MASTER_KEY) -> None:
        self.client = client
        self.key = key

    def holding(self, key: str | None) -> "Api":
        return Api(self.client, key)

    async def get(self, path: str, *, status: int = 200, **query: Any) -> Any:
        return await self.call("GET", path, status, params=query)

    async def post(self, path: str, *, status: int = 200, **body: Any) -> Any:
        return await self.call("POST", path, status, json=body)

    async def patch(self, path: str, *, status: int = 200, **body: Any) -> Any:
        return await self.call("PATCH", path, status, json=body)

    async def call(self, method: str, path: str, status: int, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        answer = await self.client.request(method, path, headers=headers, **options)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def error(self, method: str, path: str, status: int, **options: Any) -> dict[str, Any]:
        return (await self.call(method, path, status, **options))["error"]


@pytest.fixture
async def platform(database_url: str) -> AsyncIterator[ManagedPlatform]:
    async with managed_platform(database_url) as opened:
        yield opened


@pytest.fixture
async def api(platform: ManagedPlatform) -> AsyncIterator[Api]:
    transport = httpx.ASGITransport(create_app(platform), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield Api(client)
