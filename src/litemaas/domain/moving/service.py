"""Bringing a bundle in: all of it or nothing, after a look at what would be lost."""

from collections import Counter, defaultdict
from collections.abc import Collection

import asyncpg

from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.catalog.rows import lock_catalog
from litemaas.domain.moving.entities import Bundle, Protection, Report, Verdict
from litemaas.domain.moving.errors import ProtectionLostError, UnreadableSourceError
from litemaas.domain.moving.list_prices import with_list_prices
from litemaas.domain.moving.writing import Mode, Writer
from litemaas.storage.postgres import Connection, Pool
from litemaas.storage.vault import Vault


class ImportService:
    """Imports.

    Args:
        pool: Where everything goes.
        vault: Encrypts the credentials of providers there.
    """

    def __init__(self, pool: Pool, vault: Vault) -> None:
        self._pool = pool
        self._vault = vault

    async def look(self, actor: Actor, bundle: Bundle, *, update: bool = False) -> Report:
        """Tell what `bring_in` would do, by doing it and taking it back.

        Raises:
            UnreadableSourceError: The bundle is damaged.
        """
        async with self._pool.acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            try:
                return await self._write(connection, actor, bundle, update=update, dry_run=True)
            finally:
                await transaction.rollback()

    async def bring_in(
        self, actor: Actor, bundle: Bundle, *, accepted: Collection[Protection] = (), update: bool = False
    ) -> Report:
        """Bring a bundle in, in one transaction.

        Args:
            actor: Who asks.
            bundle: What to bring in.
            accepted: Protections that the caller can do without.
            update: Rows that are here and differ are changed to what the source has. Otherwise they stay, so that
                nothing is widened again that was narrowed here since the last import.

        Raises:
            ProtectionLostError: A protection would be lost that was not accepted.
            UnreadableSourceError: The bundle is damaged.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            report = await self._write(connection, actor, bundle, update=update, dry_run=False)
            if missing := report.losses.difference(accepted):
                raise ProtectionLostError(missing, report)
            counted = {kind: {verdict.value: n for verdict, n in one.items()} for kind, one in report.counts.items()}
            after = {"source": bundle.source, "accepted": sorted(accepted), "counts": counted}
            await record(connection, actor, "import", "installation", bundle.source, after=after)
        return report

    async def _write(
        self, connection: Connection, actor: Actor, bundle: Bundle, *, update: bool, dry_run: bool
    ) -> Report:
        await lock_catalog(connection)
        writer = Writer(connection, actor, self._vault, Mode(update, bundle.replaces))
        try:
            async for chunk in with_list_prices(connection, bundle):
                await writer.write(chunk)
        except (asyncpg.DataError, UnicodeEncodeError) as error:
            raise UnreadableSourceError(f"The source holds what no row of ours can hold: {error}.") from error
        counts: dict[str, Counter[Verdict]] = defaultdict(Counter, writer.counts)
        for finding in bundle.findings:
            counts[finding.kind][finding.verdict] += 1
        order = {verdict: place for place, verdict in enumerate(Verdict)}
        findings = sorted([*writer.findings, *bundle.findings], key=lambda one: (order[one.verdict], one.kind))
        return Report(source=bundle.source, dry_run=dry_run, counts=dict(counts), findings=findings)
