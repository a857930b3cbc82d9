// What runs within the servers, each script in one step. All names that a script touches are of one
// bucket: KEYS 1 index, 2 due, 3 log, 4 meta; the value's name is made of the prefix. Versions that
// have ended are told and tidied by whichever node comes by first.
import { createHash } from 'node:crypto';
import { STAMP_MAX } from '../../runtime/data-engine';

export interface Script {
  readonly source: string;
  readonly sha: string;
}

/** Changes that a bucket remembers, more or less: what catching up can go back to. */
export const LOG_ENTRIES = 1024;

/** The first line of each: the time by the server's clock, milliseconds. */
const NOW = `local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
`;

/**
 * Adds a change to the stream. Entries count, so that whoever comes late can tell whether some are
 * gone.
 */
const LOG = `local function log(entry)
  redis.call('HINCRBY', KEYS[4], 'added', 1)
  return redis.call('XADD', KEYS[3], 'MAXLEN', '~', ${LOG_ENTRIES}, '*', 'c', entry)
end
`;

/**
 * Versions whose deadline has passed: the server has dropped the value by itself. A version that
 * was replaced after its end says nothing any more.
 */
const REAP = `local function reap(prefix, limit)
  local ended = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. now, 'LIMIT', 0, limit)
  for _, member in ipairs(ended) do
    local key = string.sub(member, 21)
    redis.call('ZREM', KEYS[2], member)
    redis.call('HINCRBY', KEYS[4], 'bytes', -struct.unpack('>I4', string.sub(member, 17, 20)))
    if redis.call('EXISTS', prefix .. key) == 0 and redis.call('ZREM', KEYS[1], key) == 1 then
      log('e' .. string.sub(member, 1, 16) .. key)
    end
  end
  return #ended
end
`;

/**
 * ARGV: prefix, key, stamp, origin, time to live, value, condition ('' none, '-' nothing there,
 * else the 16 bytes of the version that must be there). Answers the version written and the place
 * in the stream, or why nothing was. The same version again changes nothing.
 */
export const WRITE = script(`${NOW}${LOG}${REAP}
local name = ARGV[1] .. ARGV[2]
local ttl = tonumber(ARGV[5])
local size = #ARGV[6]
local old = redis.call('GETRANGE', name, 0, 36)
local held = string.sub(old, 2, 17)
if ARGV[7] ~= '' and ARGV[7] ~= (held == '' and '-' or held) then return {'unmet', held} end
local hlc = tonumber(ARGV[3])
if held ~= '' then
  local oldHlc = struct.unpack('>I8', held)
  if oldHlc == hlc and string.sub(held, 9) == ARGV[4] then return {'written', held, ''} end
  if oldHlc >= hlc then hlc = oldHlc + 1 end
  if hlc > ${STAMP_MAX} then return {'unstamped'} end
end
reap(ARGV[1], 16)
local version = struct.pack('>I8', hlc) .. ARGV[4]
local facts = version .. struct.pack('>I8I8I4', ttl, now + ttl, size)
redis.call('SET', name, '\\1' .. facts .. ARGV[6], 'PX', ttl)
if held ~= '' then
  redis.call('ZREM', KEYS[2], held .. string.sub(old, 34, 37) .. ARGV[2])
  size = size - struct.unpack('>I4', string.sub(old, 34, 37))
else
  redis.call('ZADD', KEYS[1], 0, ARGV[2])
end
redis.call('ZADD', KEYS[2], now + ttl, version .. string.sub(facts, 33, 36) .. ARGV[2])
redis.call('HINCRBY', KEYS[4], 'bytes', size)
return {'written', version, log('p' .. facts .. ARGV[2])}
`);

/**
 * ARGV: prefix, how many ended versions to tidy, the last place of the stream that is known ('' =
 * none is asked for), entries at most, milliseconds that an idle bucket is kept. Answers the time,
 * how many were tidied, keys, bytes of values, when the bucket was made, whether entries behind
 * that place are gone, and the entries behind it.
 */
export const TAIL = script(`${NOW}${LOG}${REAP}
local ended = reap(ARGV[1], tonumber(ARGV[2]))
local facts = redis.call('HMGET', KEYS[4], 'born', 'bytes', 'added', 'kept')
local born = facts[1]
if not born then
  born = now
  redis.call('HSET', KEYS[4], 'born', born)
end
if not facts[4] or now - facts[4] > 60000 then
  redis.call('HSET', KEYS[4], 'kept', now)
  for _, name in ipairs(KEYS) do redis.call('PEXPIRE', name, ARGV[5]) end
end
local entries = {}
local gone = 0
if ARGV[3] ~= '' then
  entries = redis.call('XRANGE', KEYS[3], '(' .. ARGV[3], '+', 'COUNT', ARGV[4])
  if tonumber(facts[3] or 0) > redis.call('XLEN', KEYS[3]) then
    local first = redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 1)[1]
    local firstMs = first and tonumber(string.match(first[1], '^(%d+)')) or now
    if firstMs > tonumber(string.match(ARGV[3], '^(%d+)')) then gone = 1 end
  end
end
return {tostring(now), ended, redis.call('ZCARD', KEYS[1]), tostring(facts[2] or 0), tostring(born),
  gone, entries}
`);

/**
 * ARGV: prefix, least and greatest key as ZRANGEBYLEX takes them, keys at most. Answers the last
 * key that was looked at ('' = there are no more) and the keys among them that are live.
 */
export const LIST =
  script(`local found = redis.call('ZRANGEBYLEX', KEYS[1], ARGV[2], ARGV[3], 'LIMIT', 0, ARGV[4])
local live = {}
for _, key in ipairs(found) do
  if redis.call('EXISTS', ARGV[1] .. key) == 1 then live[#live + 1] = key end
end
return {#found == tonumber(ARGV[4]) and found[#found] or '', live}
`);

function script(source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
