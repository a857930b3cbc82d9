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

/** Entries that are read at a time, until there are enough changes. */
const ENTRIES_TOGETHER = 16;
/** Marks of a stream: each is the place at which another sixteenth of what it remembers began. */
const MARKS = 16;
/** Changes that share an entry, at most. */
export const TOLD_TOGETHER_MAX = 64;

/**
 * Adds changes to the stream as one entry: how many they are, then each behind its length. Answers
 * their place. A stream is trimmed by places, so some of them are marked: it remembers as many
 * changes as it is asked to, and up to a sixteenth more. `from` is where it begins to be complete,
 * `last` where it ends.
 */
const TELL = `local function tell(log, meta, most, told)
  local count = #told
  local total = redis.call('HINCRBY', meta, 'changes', count)
  local each = most / ${MARKS}
  local nth = math.floor(total / each)
  local isMarked = nth > math.floor((total - count) / each)
  local entry = struct.pack('>I2', count) .. table.concat(told)
  local oldest = isMarked and redis.call('HMGET', meta, 'mark' .. (nth + 1) % ${MARKS + 1})[1]
  local place = oldest and redis.call('XADD', log, 'MINID', oldest, '*', 'm', entry)
    or redis.call('XADD', log, '*', 'm', entry)
  redis.call('HSET', meta, 'last', place)
  if isMarked then redis.call('HSET', meta, 'mark' .. nth % ${MARKS + 1}, place) end
  if total > count and redis.call('XLEN', log) == 1 then oldest = place end
  if oldest then redis.call('HSET', meta, 'from', oldest) end
  return place
end
`;

/**
 * Versions whose deadline has passed: the server has dropped the value by itself. A version that
 * was replaced after its end says nothing any more. One that is still there is left for the next
 * look: within a script the server goes by the time at which that began.
 */
const REAP = `local function reap(prefix, limit)
  local ended = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. now, 'LIMIT', 0, limit)
  local tidied, bytes, told = 0, 0, {}
  for _, member in ipairs(ended) do
    local version, key = string.sub(member, 1, 16), string.sub(member, 21)
    local isThere = redis.call('EXISTS', prefix .. key) == 1
    if not isThere or redis.pcall('GETRANGE', prefix .. key, '9', '24') ~= version then
      redis.call('ZREM', KEYS[2], member)
      tidied = tidied + 1
      bytes = bytes + struct.unpack('>I4', member, 17)
      if not isThere and redis.call('ZREM', KEYS[1], key) == 1 then
        told[#told + 1] = struct.pack('>I2', 17 + #key) .. 'e' .. version .. key
        if #told == ${TOLD_TOGETHER_MAX} then
          tell(KEYS[3], KEYS[4], tonumber(ARGV[6]), told)
          told = {}
        end
      end
    end
  end
  if #told > 0 then tell(KEYS[3], KEYS[4], tonumber(ARGV[6]), told) end
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
 * there. Answers a list. Of each write it has the place in the stream, which those of a call share;
 * with the version in front of it where that had to be raised above the one that it replaced; ''
 * where that very version is there already; or why nothing was written: 0 unmet, 1 unstamped, or
 * what a command was refused with. A value that is refused keeps none of the others. What the
 * structures are told of all of them is told at the end, with one command each. Stamps are compared
 * as numbers: how Lua orders texts depends on the server's locale.
 */
export const WRITE =
  script(`local call, sub, pack, unpackFrom = redis.call, string.sub, struct.pack, struct.unpack
${NOW}${TELL}
local life, deadline, packed
local prefix, most = ARGV[1], tonumber(ARGV[2])
local index, due, log, meta = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local new, begun, ended, told, bytes, filed = {}, {}, {}, {}, 0, {}
local function write(key, rest, condition)
  local name = prefix .. key
  local old = call('GETRANGE', name, '0', '36')
  local held, facts, raised = sub(old, 10, 25), sub(rest, 1, 28), nil
  if condition and condition ~= (held == '' and '-' or held) then return 0 end
  local oldStamp = held ~= '' and unpackFrom('>I8', held) or 0
  if oldStamp >= unpackFrom('>I8', facts) then
    if sub(facts, 1, 16) == held then return '' end
    if oldStamp >= ${STAMP_MAX} then return 1 end
    raised = pack('>I8', oldStamp + 1) .. sub(facts, 9, 16)
    facts = raised .. sub(facts, 17)
    rest = facts .. sub(rest, 29)
  end
  local ttl = sub(facts, 21)
  if ttl ~= life then
    local ends = now + unpackFrom('>I8', ttl)
    life, deadline, packed = ttl, string.format('%.0f', ends), pack('>I8', ends)
  end
  call('SET', name, '\\2' .. packed .. rest, 'PXAT', deadline)
  local size, oldSize, at = sub(facts, 17, 20), sub(old, 26, 29), filed[key]
  if held == '' then
    oldSize = '\\0\\0\\0\\0'
    new[#new + 1] = '0'
    new[#new + 1] = key
  elseif not at then
    ended[#ended + 1] = held .. oldSize .. key
  end
  at = at or #begun + 1
  begun[at], begun[at + 1], filed[key] = deadline, sub(facts, 1, 20) .. key, at
  if size ~= oldSize then bytes = bytes + unpackFrom('>I4', size) - unpackFrom('>I4', oldSize) end
  told[#told + 1] = pack('>I2', 37 + #key) .. 'p' .. packed .. facts .. key
  return raised or true
end
local answers, each = {}, tonumber(ARGV[3])
for at = 4, #ARGV, each do
  local isDone, answer = pcall(write, ARGV[at], ARGV[at + 1], each == 3 and ARGV[at + 2])
  if not isDone and type(answer) ~= 'table' then answer = {err = answer} end
  answers[#answers + 1] = answer
end
if #told == 0 then return answers end
local isTold, place = pcall(function()
  if #new > 0 then call('ZADD', index, unpack(new)) end
  if #ended > 0 then call('ZREM', due, unpack(ended)) end
  call('ZADD', due, unpack(begun))
  if bytes ~= 0 then call('HINCRBY', meta, 'bytes', bytes) end
  return tell(log, meta, most, told)
end)
if not isTold and type(place) ~= 'table' then place = {err = place} end
for at, answer in ipairs(answers) do
  if answer == true or not isTold and type(answer) == 'string' and answer ~= '' then
    answers[at] = place
  elseif type(answer) == 'string' and answer ~= '' then
    answers[at] = {answer, place}
  end
end
return answers
`);

/**
 * ARGV: prefix, how many ended versions to tidy, the last place of the stream that is known ('' =
 * none is asked for), how many changes are enough, milliseconds that an idle bucket is kept, how
 * many changes the stream remembers, 1 where the server is to be asked whether it takes writes, and
 * the id that the bucket is given if it has none ('' = it needs none). Answers the time, how many
 * were tidied, keys, bytes of values, when the bucket was made, the last place, whether entries
 * behind the one that is known are gone, the entries behind it, why nothing could be tidied, and
 * the id. Where memory is full, a script may write whose first command frees some.
 */
export const TAIL = script(`${NOW}${TELL}${REAP}
local ended, refusal = 0, ''
local function tidied()
  ended = reap(ARGV[1], tonumber(ARGV[2]))
  local known = redis.call('HMGET', KEYS[4], 'born', 'kept', 'id')
  if not known[1] then redis.call('HSET', KEYS[4], 'born', now) end
  if not known[3] and ARGV[8] ~= '' then redis.call('HSET', KEYS[4], 'id', ARGV[8]) end
  if not known[2] or now - known[2] > 60000 or ARGV[7] == '1' then
    for _, name in ipairs(KEYS) do redis.call('PEXPIRE', name, ARGV[5]) end
    redis.call('HSET', KEYS[4], 'kept', now)
  end
end
local isTidied, why = pcall(tidied)
if not isTidied then refusal = type(why) == 'table' and why.err or tostring(why) end
local facts = redis.call('HMGET', KEYS[4], 'born', 'bytes', 'last', 'id')
local entries, gone = {}, 0
if ARGV[3] ~= '' then
  local left, from, part = tonumber(ARGV[4]), ARGV[3], nil
  repeat
    part = redis.call('XRANGE', KEYS[3], '(' .. from, '+', 'COUNT', ${ENTRIES_TOGETHER})
    for _, entry in ipairs(part) do
      if left <= 0 then break end
      entries[#entries + 1] = entry
      from = entry[1]
      left = left - struct.unpack('>I2', entry[2][2])
    end
  until left <= 0 or #part < ${ENTRIES_TOGETHER}
  local marks = redis.call('HMGET', KEYS[4], 'changes', 'from')
  local asked = tonumber(string.match(ARGV[3], '^(%d+)'))
  local isTrimmed = marks[2] and tonumber(string.match(marks[2], '^(%d+)')) > asked
  if isTrimmed or marks[1] and redis.call('XLEN', KEYS[3]) == 0 then gone = 1 end
end
return {tostring(now), ended, redis.call('ZCARD', KEYS[1]), tostring(facts[2] or 0),
  tostring(facts[1] or 0), facts[3] or '0-0', gone, entries, refusal,
  facts[4] or ''}
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
