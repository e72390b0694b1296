"""Shares in Redis or Valkey: one hash for each scope, one script that divides it.

A scope's hash has a field for each replica: share and use of the three limits, when the lease ends, when something
leaves the window, since when one of its calls stands in line, and until when that counts. `litemaas:limits:wanted`
tells which scopes were asked for in vain, and until when it counts; `litemaas:limits:holders` which replicas have
shares that count, `litemaas:limits:scopes` which scopes have. All times are the server's.

No key has an end in Redis' own eyes: a Redis that is full may drop cached answers, which have one (`volatile-lru`), but
never a share, without which others would be granted more than there is. What counts no more we delete ourselves.
"""

from collections.abc import Sequence
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from litemaas.domain.rate_limits.shares import (
    GRANT_DIVISOR,
    WANTED_SECONDS,
    Amounts,
    Answer,
    Claim,
    StoreAwayError,
    Want,
)
from litemaas.domain.rate_limits.windows import WINDOW_SECONDS

_PREFIX = "litemaas:limits:"
_WANTED = f"{_PREFIX}wanted"
_HOLDERS = f"{_PREFIX}holders"
_SCOPES = f"{_PREFIX}scopes"
_SCOPE = f"{_PREFIX}scope:"
_UNLIMITED = -1
_AWAY = (RedisError, OSError)

_CLOCK = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
"""

# KEYS: the scope's hash, wanted, holders, scopes. ARGV: holder, scope, lease, window and wanted seconds, frees_in,
# divisor, then three limits, three uses, three needs, whether the call waits.
_TAKE = (
    _CLOCK
    + """
local lease, window = tonumber(ARGV[3]), tonumber(ARGV[4])
local others, spare, frees, owed = {0, 0, 0}, {0, 0, 0}, now + window, 0
local since, mine = now, redis.call('HGET', KEYS[1], ARGV[1])
if mine then
  mine = cjson.decode(mine)
  if (mine[10] or 0) > now then since = mine[9] end
end
local rows = redis.call('HGETALL', KEYS[1])
for i = 1, #rows, 2 do
  if rows[i] ~= ARGV[1] then
    local row = cjson.decode(rows[i + 1])
    if row[7] + window <= now then
      redis.call('HDEL', KEYS[1], rows[i])
    else
      for d = 1, 3 do
        if d < 3 or row[7] > now then others[d] = others[d] + row[d] end
        if row[7] > now then spare[d] = spare[d] + row[d] - row[d + 3] end
      end
      if row[4] + row[5] > 0 then frees = math.min(frees, row[8]) end
      local places = row[3] - tonumber(ARGV[13])
      if (row[10] or 0) > now and (places < 0 or places == 0 and row[9] < since) then owed = owed + 1 end
    end
  end
end
local fits, hope, grants, row = true, true, {}, {}
for d = 1, 3 do
  local limit, used, need = tonumber(ARGV[7 + d]), tonumber(ARGV[10 + d]), tonumber(ARGV[13 + d])
  grants[d] = 0
  if limit >= 0 then
    local left = limit - others[d] - used
    if d == 3 then left = left - owed end
    fits = fits and left >= need
    hope = hope and (left + spare[d] >= need or d == 3 and ARGV[17] == '1')
    grants[d] = math.max(need, math.floor(left / tonumber(ARGV[7])))
  end
  row[d], row[d + 3] = used, used
end
row[7], row[8], row[9], row[10] = now + lease, now + tonumber(ARGV[6]), 0, 0
if fits then
  for d = 1, 3 do row[d] = row[d] + grants[d] end
  owed = 0
  redis.call('ZREM', KEYS[2], ARGV[2] .. ' ' .. ARGV[1])
else
  redis.call('ZADD', KEYS[2], now + tonumber(ARGV[5]), ARGV[2] .. ' ' .. ARGV[1])
  if ARGV[17] == '1' then row[9], row[10] = since, now + tonumber(ARGV[5]) end
end
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(row))
redis.call('ZADD', KEYS[3], 'GT', now + lease + window, ARGV[1])
redis.call('ZADD', KEYS[4], 'GT', now + lease + window, ARGV[2])
return {row[1], row[2], row[3], others[1], others[2], others[3], hope and 1 or 0, tostring(frees - now), owed}
"""
)

# KEYS: the scope's hash, holders, scopes. ARGV: holder, lease and window seconds, frees_in, then three shares, three
# uses, scope.
_DECLARE = (
    _CLOCK
    + """
local row = {}
for i = 1, 6 do row[i] = tonumber(ARGV[4 + i]) end
row[7], row[8], row[9], row[10] = now + tonumber(ARGV[2]), now + tonumber(ARGV[4]), 0, 0
local before = redis.call('HGET', KEYS[1], ARGV[1])
if before then
  before = cjson.decode(before)
  row[9], row[10] = before[9] or 0, before[10] or 0
end
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(row))
redis.call('ZADD', KEYS[2], 'GT', now + ARGV[2] + ARGV[3], ARGV[1])
redis.call('ZADD', KEYS[3], 'GT', now + ARGV[2] + ARGV[3], ARGV[11])
"""
)

# KEYS: wanted, or holders. Returns the members that count.
_LIVING = (
    _CLOCK
    + """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return redis.call('ZRANGE', KEYS[1], 0, -1)
"""
)

# KEYS: scopes. ARGV: what precedes a scope in the key of its hash. Deletes some of the hashes in which nothing counts.
_FORGET = (
    _CLOCK
    + """
for _, scope in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('DEL', ARGV[1] .. scope)
  redis.call('ZREM', KEYS[1], scope)
end
"""
)


class RedisShares:
    """The keys `litemaas:limits:*`.

    Args:
        holder: Id of this process.
    """

    name = "redis"

    def __init__(self, redis: Redis, holder: UUID) -> None:
        self._redis = redis
        self._holder = str(holder)
        self._take = redis.register_script(_TAKE)
        self._declare = redis.register_script(_DECLARE)
        self._living = redis.register_script(_LIVING)
        self._forget = redis.register_script(_FORGET)

    async def take(self, want: Want, seconds: float) -> Answer:
        """Set our share to what we use and need, if it fits, else to what we use; for `seconds`."""
        limits = [_UNLIMITED if limit is None else limit for limit in want.limits]
        head = (self._holder, want.scope, seconds, WINDOW_SECONDS, WANTED_SECONDS, want.frees_in, GRANT_DIVISOR)
        try:
            found = await self._take(
                keys=[_SCOPE + want.scope, _WANTED, _HOLDERS, _SCOPES],
                args=[*head, *limits, *want.used, *want.need, int(want.waits)],
            )
        except _AWAY as error:
            raise _away(error) from error
        return Answer(Amounts(*found[:3]), Amounts(*found[3:6]), bool(found[6]), float(found[7]), found[8])

    async def declare(self, claims: Sequence[Claim], seconds: float) -> None:
        """Set our shares, which are no larger than before, or cover what was used above them; for `seconds`."""
        try:
            async with self._redis.pipeline(transaction=False) as pipeline:
                for scope, share, used, frees_in in claims:
                    await self._declare(
                        keys=[_SCOPE + scope, _HOLDERS, _SCOPES],
                        args=[self._holder, seconds, WINDOW_SECONDS, frees_in, *share, *used, scope],
                        client=pipeline,
                    )
                await pipeline.execute()
        except _AWAY as error:
            raise _away(error) from error

    async def wanted(self) -> set[str]:
        """Scopes in which another replica asked lately for more than there was."""
        wishes = (wish.decode().rpartition(" ") for wish in await self._members(_WANTED))
        return {scope for scope, _, holder in wishes if holder != self._holder}

    async def in_use(self) -> bool:
        """Tell whether another replica's shares count; deletes what counts no more."""
        try:
            await self._forget(keys=[_SCOPES], args=[_SCOPE])
        except _AWAY as error:
            raise _away(error) from error
        return any(holder.decode() != self._holder for holder in await self._members(_HOLDERS))

    async def _members(self, key: str) -> list[bytes]:
        try:
            members: list[bytes] = await self._living(keys=[key])
        except _AWAY as error:
            raise _away(error) from error
        return members


def _away(error: Exception) -> StoreAwayError:
    return StoreAwayError(f"Redis: {type(error).__name__}")
