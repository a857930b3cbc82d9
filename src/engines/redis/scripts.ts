// What runs within the servers, each script in one step. All names that a script touches are of one
// bucket: KEYS 1 index, 2 due, 3 log, 4 meta, and those of values, which are made of the prefix.
// Versions that have ended are told and tidied by whichever node comes by first.
import { createHash } from 'node:crypto';
import { STAMP_MAX } from '../../runtime/data-engine';

export interface Script {
  readonly source: string;
  readonly sha: string;
}

/** The first line of each: the time by the server's clock, milliseconds. */
const NOW = `local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
`;

/** Adds a change to the stream, which remembers so many; answers its place there. */
const logged = (log: string, most: string, entry: string): string =>
  `redis.call('XADD', ${log}, 'MAXLEN', '~', ${most}, '*', 'c', ${entry})`;

/**
 * Versions whose deadline has passed: the server has dropped the value by itself. A version that
 * was replaced after its end says nothing any more. One that is still there is left for the next
 * look: within a script the server goes by the time at which that began.
 */
const REAP = `local function reap(prefix, limit)
  local ended = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. now, 'LIMIT', 0, limit)
  local tidied, bytes = 0, 0
  for _, member in ipairs(ended) do
    local version, key = string.sub(member, 1, 16), string.sub(member, 21)
    local isThere = redis.call('EXISTS', prefix .. key) == 1
    if not isThere or redis.pcall('GETRANGE', prefix .. key, '9', '24') ~= version then
      redis.call('ZREM', KEYS[2], member)
      tidied = tidied + 1
      bytes = bytes + struct.unpack('>I4', member, 17)
      if not isThere and redis.call('ZREM', KEYS[1], key) == 1 then
        ${logged('KEYS[3]', 'ARGV[6]', "'e' .. version .. key")}
      end
    end
  end
  if bytes > 0 then redis.call('HINCRBY', KEYS[4], 'bytes', -bytes) end
  return tidied
end
`;

/** Of the answer to one write: a version and a place, or a refusal in words. */
export const WRITE_ANSWER_BYTES = 1024;
/** As much as REPRAM_MAX_KEY_BYTES may be anywhere. */
const KEY_BYTES_MAX = 4096;
/** Of an answer, for each change: its place, its key, what is known of it, and lengths. */
export const CHANGE_ANSWER_BYTES = KEY_BYTES_MAX + 256;
/** The same for each key of a list. */
export const KEY_ANSWER_BYTES = KEY_BYTES_MAX + 16;

/** Arguments in front of the writes. */
export const WRITE_HEAD = 3;

/**
 * ARGV: prefix, how many changes the stream remembers, how many arguments each write has, then the
 * writes one behind the other. Each has key, what is stored behind the deadline, and, where they
 * are three, a condition: '-' for nothing there, else the 16 bytes of the version that must be
 * there. Answers a list. Of each write it has the place in the stream; with the version in front of
 * it where that had to be raised above the one that it replaced; '' where that very version is
 * there already; or why nothing was written: 0 unmet, 1 unstamped, or what a command was refused
 * with. One that is refused keeps none of the others. Stamps are compared as numbers: how Lua
 * orders texts depends on the server's locale.
 */
export const WRITE =
  script(`local call, sub, pack, unpack = redis.call, string.sub, struct.pack, struct.unpack
${NOW}
local life, deadline, packed
local prefix, most = ARGV[1], ARGV[2]
local index, due, log, meta = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local function write(key, rest, condition)
  local name = prefix .. key
  local old = call('GETRANGE', name, '0', '36')
  local held, facts, raised = sub(old, 10, 25), sub(rest, 1, 28), nil
  if condition and condition ~= (held == '' and '-' or held) then return 0 end
  local oldStamp = held ~= '' and unpack('>I8', held) or 0
  if oldStamp >= unpack('>I8', facts) then
    if sub(facts, 1, 16) == held then return '' end
    if oldStamp >= ${STAMP_MAX} then return 1 end
    raised = pack('>I8', oldStamp + 1) .. sub(facts, 9, 16)
    facts = raised .. sub(facts, 17)
    rest = facts .. sub(rest, 29)
  end
  local ttl = sub(facts, 21)
  if ttl ~= life then
    local ends = now + unpack('>I8', ttl)
    life, deadline, packed = ttl, string.format('%.0f', ends), pack('>I8', ends)
  end
  call('SET', name, '\\2' .. packed .. rest, 'PXAT', deadline)
  local size, oldSize = sub(facts, 17, 20), sub(old, 26, 29)
  if held == '' then
    oldSize = '\\0\\0\\0\\0'
    call('ZADD', index, '0', key)
  else
    call('ZREM', due, held .. oldSize .. key)
  end
  call('ZADD', due, deadline, sub(facts, 1, 20) .. key)
  if size ~= oldSize then
    call('HINCRBY', meta, 'bytes', unpack('>I4', size) - unpack('>I4', oldSize))
  end
  local place = ${logged('log', 'most', "'p' .. packed .. facts .. key")}
  return raised and {raised, place} or place
end
local answers, each = {}, tonumber(ARGV[3])
for at = 4, #ARGV, each do
  local isDone, answer = pcall(write, ARGV[at], ARGV[at + 1], each == 3 and ARGV[at + 2])
  if not isDone and type(answer) ~= 'table' then answer = {err = answer} end
  answers[#answers + 1] = answer
end
return answers
`);

/**
 * ARGV: prefix, how many ended versions to tidy, the last place of the stream that is known ('' =
 * none is asked for), entries at most, milliseconds that an idle bucket is kept, how many changes
 * the stream remembers, the id that the bucket is given if it has none ('' = it needs none).
 * Answers the time, how many were tidied, keys, bytes of values, when the bucket was made, whether
 * entries behind that place are gone, its id, and the entries behind that place.
 */
export const TAIL = script(`${NOW}${REAP}
local ended = reap(ARGV[1], tonumber(ARGV[2]))
local facts = redis.call('HMGET', KEYS[4], 'born', 'bytes', 'kept', 'id')
local born = facts[1]
if not born then
  born = now
  redis.call('HSET', KEYS[4], 'born', born)
end
local id = facts[4] or ARGV[7]
if not facts[4] and id ~= '' then redis.call('HSET', KEYS[4], 'id', id) end
if not facts[3] or now - facts[3] > 60000 then
  redis.call('HSET', KEYS[4], 'kept', now)
  for _, name in ipairs(KEYS) do redis.call('PEXPIRE', name, ARGV[5]) end
end
local entries = {}
local gone = 0
if ARGV[3] ~= '' then
  entries = redis.call('XRANGE', KEYS[3], '(' .. ARGV[3], '+', 'COUNT', ARGV[4])
  local length = redis.call('XLEN', KEYS[3])
  if length >= tonumber(ARGV[6]) or length < redis.call('ZCARD', KEYS[1]) then
    local first = redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 1)[1]
    local firstMs = first and tonumber(string.match(first[1], '^(%d+)')) or now
    if firstMs > tonumber(string.match(ARGV[3], '^(%d+)')) then gone = 1 end
  end
end
return {tostring(now), ended, redis.call('ZCARD', KEYS[1]), tostring(facts[2] or 0), tostring(born),
  gone, id, entries}
`);

/** What a key of a list counts for beside its bytes, wherever bytes of keys are bounded. */
export const LISTED_KEY_BYTES = 48;

/**
 * ARGV: prefix, least and greatest key as ZRANGEBYLEX takes them, keys at most, bytes of keys at
 * most; one key may have more. Answers the last key that was looked at ('' = there are no more) and
 * the keys among them that are live.
 */
export const LIST =
  script(`local found = redis.call('ZRANGEBYLEX', KEYS[1], ARGV[2], ARGV[3], 'LIMIT', 0, ARGV[4])
local live, left = {}, tonumber(ARGV[5])
for at, key in ipairs(found) do
  left = left - #key - ${LISTED_KEY_BYTES}
  if left < 0 and at > 1 then return {found[at - 1], live} end
  if redis.call('EXISTS', ARGV[1] .. key) == 1 then live[#live + 1] = key end
end
return {#found == tonumber(ARGV[4]) and found[#found] or '', live}
`);

function script(source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
