/**
 * What must happen in one step inside Redis. Every key of the cache carries the hash tag `{cache}`, so that on a
 * cluster all that a script touches lies on one node.
 */

/**
 * Gives what is stored and, unless another process has it, the right to fill it: a lock that dies with its holder. A
 * process that comes too late leaves word that it waits. The doorkeeper remembers which keys were asked for: a table of
 * fixed size, a fingerprint of four bytes a slot, where a newer key overwrites an older one, and which is emptied as a
 * whole after a while. So a flood of keys that nobody asks for twice costs nothing but memory of each other.
 *
 * KEYS: entry, sequence, lock, doorkeeper. ARGV: holder, lock's lifetime in ms, slot's offset, fingerprint,
 * doorkeeper's lifetime in ms. Gives: bytes, mark, whether the lock was granted, whether the key was asked for before.
 */
export const claimScript = `
local granted = redis.call('HSETNX', KEYS[3], 'holder', ARGV[1])
if granted == 1 then redis.call('PEXPIRE', KEYS[3], ARGV[2])
else redis.call('HSET', KEYS[3], 'awaited', 1) end
local offset = tonumber(ARGV[3])
local known = redis.call('GETRANGE', KEYS[4], offset, offset + #ARGV[4] - 1) == ARGV[4]
if not known then
  redis.call('SETRANGE', KEYS[4], offset, ARGV[4])
  if redis.call('PTTL', KEYS[4]) < 0 then redis.call('PEXPIRE', KEYS[4], ARGV[5]) end
end
return { redis.call('GET', KEYS[1]), redis.call('GET', KEYS[2]) or '0', granted, known and 1 or 0 }
`;

/** Gives a lock back. KEYS: lock. ARGV: holder. */
export const releaseScript = `
if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

/** Gives a lock back unless somebody waits for what its holder fetched, and tells whether. KEYS: lock. ARGV: holder. */
export const releaseUnlessAwaitedScript = `
if redis.call('HGET', KEYS[1], 'awaited') then return 1 end
if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
`;

/**
 * Gives the lock back and stores an entry, unless one of its tags was evicted after the mark that its reader got: a
 * slow fill must not bring back what an event removed. Unbounded entries are guests: over their number the one that
 * expires first goes.
 *
 * An index lives for up to two lifetimes, so that its own life is prolonged once in a lifetime and not each time. It is
 * swept of entries that have expired then, and by each guest, as of those there is no end.
 *
 * KEYS: entry, stamps, lock, guests, index of each tag. ARGV: mark, bytes, lifetime in ms, now in ms, holder,
 * most guests or 0 for an entry that is none, the tags.
 */
export const storeScript = `
local mark, bytes, lifetimeMs, nowMs = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local mostGuests = tonumber(ARGV[6])
if redis.call('HGET', KEYS[3], 'holder') == ARGV[5] then redis.call('DEL', KEYS[3]) end
if #ARGV > 6 then
  for _, stamp in ipairs(redis.call('HMGET', KEYS[2], unpack(ARGV, 7))) do
    if stamp and tonumber(stamp) > mark then return 0 end
  end
end
redis.call('SET', KEYS[1], bytes, 'PX', lifetimeMs)
for i = 5, #KEYS do
  redis.call('ZADD', KEYS[i], nowMs + lifetimeMs, KEYS[1])
  local ends = redis.call('PTTL', KEYS[i]) < lifetimeMs
  if ends then redis.call('PEXPIRE', KEYS[i], 2 * lifetimeMs) end
  if ends or mostGuests > 0 then redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', nowMs) end
end
if mostGuests == 0 then return 1 end
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', nowMs)
redis.call('ZADD', KEYS[4], nowMs + lifetimeMs, KEYS[1])
while redis.call('ZCARD', KEYS[4]) > mostGuests do
  local guest = redis.call('ZPOPMIN', KEYS[4])[1]
  local stored = redis.call('GET', guest)
  if stored then
    local head = cjson.decode(string.sub(stored, 1, string.find(stored, '\\n', 1, true) - 1))
    for _, tag in ipairs(head.tags) do redis.call('ZREM', '{cache}:tag:' .. tag, guest) end
    redis.call('UNLINK', guest)
  end
end
return 1
`;

/**
 * Removes every entry under the tags and stamps them, so that fills under way are refused. Gives the number of entries.
 *
 * KEYS: sequence, stamps, guests, index of each tag. ARGV: the tags.
 */
export const evictScript = `
local sequence = redis.call('INCR', KEYS[1])
local evicted = 0
for i, tag in ipairs(ARGV) do
  redis.call('HSET', KEYS[2], tag, sequence)
  for _, key in ipairs(redis.call('ZRANGE', KEYS[i + 3], 0, -1)) do
    evicted = evicted + redis.call('UNLINK', key)
    redis.call('ZREM', KEYS[3], key)
  end
  redis.call('DEL', KEYS[i + 3])
end
return evicted
`;
