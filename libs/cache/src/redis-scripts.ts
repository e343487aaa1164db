/**
 * What must happen in one step inside Redis. Every key of the cache carries the hash tag `{cache}`, so that on a
 * cluster all that a script touches lies on one node.
 */

/**
 * Stores an entry unless one of its tags was evicted after the mark that its reader got: a slow fill must not bring
 * back what an event removed. Index entries of keys that have expired meanwhile are swept on the way.
 *
 * KEYS: entry, stamps, index of each tag. ARGV: mark, bytes, lifetime in ms, now in ms, the tags.
 */
export const storeScript = `
local mark, bytes, lifetimeMs, nowMs = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
for i = 5, #ARGV do
  local stamp = redis.call('HGET', KEYS[2], ARGV[i])
  if stamp and tonumber(stamp) > mark then return 0 end
end
redis.call('SET', KEYS[1], bytes, 'PX', lifetimeMs)
for i = 3, #KEYS do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', nowMs)
  redis.call('ZADD', KEYS[i], nowMs + lifetimeMs, KEYS[1])
  if redis.call('PTTL', KEYS[i]) < lifetimeMs then redis.call('PEXPIRE', KEYS[i], lifetimeMs) end
end
return 1
`;

/**
 * Removes every entry under the tags and stamps them, so that fills under way are refused.
 *
 * KEYS: sequence, stamps, index of each tag. ARGV: the tags.
 */
export const evictScript = `
local sequence = redis.call('INCR', KEYS[1])
for i, tag in ipairs(ARGV) do
  redis.call('HSET', KEYS[2], tag, sequence)
  for _, key in ipairs(redis.call('ZRANGE', KEYS[i + 2], 0, -1)) do redis.call('UNLINK', key) end
  redis.call('DEL', KEYS[i + 2])
end
return sequence
`;
