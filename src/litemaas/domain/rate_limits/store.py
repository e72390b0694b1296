"""Shares in PostgreSQL, for installations without Redis and for the time in which Redis is away."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg

from litemaas.domain.rate_limits.shares import WANTED_SECONDS, Amounts, Answer, Claim, StoreAwayError, Want, divide
from litemaas.domain.rate_limits.windows import WINDOW_SECONDS
from litemaas.storage.postgres import PASSING_ERRORS, Connection, Pool

_SECONDS = 1.0

_OTHERS = """
SELECT COALESCE(sum(requests), 0)::bigint, COALESCE(sum(tokens), 0)::bigint,
       COALESCE(sum(parallel) FILTER (WHERE expires_at > clock_timestamp()), 0)::bigint,
       COALESCE(sum(requests - used_requests) FILTER (WHERE expires_at > clock_timestamp()), 0)::bigint,
       COALESCE(sum(tokens - used_tokens) FILTER (WHERE expires_at > clock_timestamp()), 0)::bigint,
       COALESCE(sum(parallel - used_parallel) FILTER (WHERE expires_at > clock_timestamp()), 0)::bigint,
       extract(epoch FROM min(frees_at) FILTER (WHERE used_requests + used_tokens > 0) - clock_timestamp())::float8,
       count(*) FILTER (WHERE wanted_until > clock_timestamp() AND waiting_since IS NOT NULL
           AND (parallel, waiting_since) < ($4, (
           SELECT COALESCE(max(waiting_since) FILTER (WHERE wanted_until > clock_timestamp()), 'infinity')
           FROM rate_limit_shares WHERE scope = $1 AND holder = $2)))
FROM rate_limit_shares
WHERE scope = $1 AND holder <> $2 AND expires_at > clock_timestamp() - make_interval(secs => $3)
"""

_WRITE = """
INSERT INTO rate_limit_shares (holder, expires_at, scope, requests, tokens, parallel, used_requests, used_tokens,
                               used_parallel, frees_at)
SELECT $1, clock_timestamp() + make_interval(secs => $2), scope, requests, tokens, parallel, used_requests,
       used_tokens, used_parallel, clock_timestamp() + make_interval(secs => frees_in)
FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
            $10::float8[])
    AS new (scope, requests, tokens, parallel, used_requests, used_tokens, used_parallel, frees_in)
ON CONFLICT (scope, holder) DO UPDATE
SET expires_at = EXCLUDED.expires_at, requests = EXCLUDED.requests, tokens = EXCLUDED.tokens,
    parallel = EXCLUDED.parallel, used_requests = EXCLUDED.used_requests, used_tokens = EXCLUDED.used_tokens,
    used_parallel = EXCLUDED.used_parallel, frees_at = EXCLUDED.frees_at
"""

_WISH = """
UPDATE rate_limit_shares
SET wanted_until = clock_timestamp() + make_interval(secs => $3),
    waiting_since = CASE WHEN NOT $4 THEN NULL
                         WHEN wanted_until > clock_timestamp() THEN COALESCE(waiting_since, clock_timestamp())
                         ELSE clock_timestamp() END
WHERE scope = $1 AND holder = $2
"""

_NO_WISH = "UPDATE rate_limit_shares SET wanted_until = NULL, waiting_since = NULL WHERE scope = $1 AND holder = $2"


class PostgresShares:
    """The table `rate_limit_shares`.

    Args:
        holder: Id of this process.
    """

    name = "postgres"

    def __init__(self, pool: Pool, holder: UUID) -> None:
        self._pool = pool
        self._holder = holder

    async def take(self, want: Want, seconds: float) -> Answer:
        """Set our share to what we use and need, if it fits, else to what we use; for `seconds`."""
        async with self._connection() as connection, connection.transaction():
            # Two statements: after waiting for a lock, only a new one sees what its former owner did.
            await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"limit {want.scope}")
            *sums, frees_in, owed = await connection.fetchrow(
                _OTHERS, want.scope, self._holder, WINDOW_SECONDS, want.used.parallel
            )
            others, spare = Amounts(*sums[:3]), Amounts(*sums[3:])
            share, hope = divide(want, others, spare, owed)
            claim = Claim(want.scope, share or want.used, want.used, want.frees_in)
            await self._write(connection, [claim], seconds)
            if share is None:
                await connection.execute(_WISH, want.scope, self._holder, WANTED_SECONDS, want.waits)
            else:
                await connection.execute(_NO_WISH, want.scope, self._holder)
        return Answer(claim.share, others, hope, frees_in or WINDOW_SECONDS, 0 if share else owed)

    async def declare(self, claims: Sequence[Claim], seconds: float) -> None:
        """Set our shares, which are no larger than before, or cover what was used above them; for `seconds`."""
        if not claims:
            return
        async with self._connection() as connection, connection.transaction():
            await self._write(connection, claims, seconds)
            await connection.execute(
                "DELETE FROM rate_limit_shares WHERE expires_at < clock_timestamp() - make_interval(secs => $1)",
                WINDOW_SECONDS,
            )

    async def wanted(self) -> set[str]:
        """Scopes in which another replica asked lately for more than there was."""
        async with self._connection() as connection:
            rows = await connection.fetch(
                "SELECT scope FROM rate_limit_shares WHERE wanted_until > clock_timestamp() AND holder <> $1",
                self._holder,
            )
        return {row["scope"] for row in rows}

    async def in_use(self) -> bool:
        """Tell whether another replica's shares count."""
        async with self._connection() as connection:
            return bool(
                await connection.fetchval(
                    "SELECT EXISTS (SELECT FROM rate_limit_shares WHERE holder <> $1"
                    " AND expires_at > clock_timestamp() - make_interval(secs => $2))",
                    self._holder,
                    WINDOW_SECONDS,
                )
            )

    async def _write(self, connection: Connection, claims: Iterable[Claim], seconds: float) -> None:
        ordered = sorted(claims)  # the same order for everybody keeps replicas from deadlock
        columns = zip(*((one.scope, *one.share, *one.used, one.frees_in) for one in ordered), strict=True)
        await connection.execute(_WRITE, self._holder, seconds, *map(list, columns))

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        try:
            async with asyncio.timeout(_SECONDS), self._pool.acquire() as connection:
                yield connection
        except (asyncpg.PostgresError, *PASSING_ERRORS) as error:
            raise StoreAwayError(f"PostgreSQL: {type(error).__name__}") from error
