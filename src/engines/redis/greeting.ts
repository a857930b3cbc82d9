// What a node says first on a connection, and whether the answers are those of a server that it can
// use. HELLO tells release and kind, and takes user and password; every user may send it.
import { StoreFailure } from './failures';
import type { NoReply, Reply } from './wire-reader';
import type { Argument } from './wire-writer';

export interface Caller {
  readonly username: string | null;
  readonly password: string | null;
  readonly database: number;
}

const NEEDED = 'Redis 6.2 or Valkey 7.2 is needed';
const STRANGER = 'what answers is neither Redis nor Valkey';
/** Of TLS: an alert, and a handshake. */
const TLS_MARKS = [0x15, 0x16];
const REFUSAL_LENGTH_MAX = 200;

export function greetingOf({ username, password, database }: Caller): readonly (readonly Argument[])[] {
  const isKnown = password !== null && (username !== null || password !== '');
  const login = isKnown ? ['AUTH', Buffer.from(username ?? 'default'), Buffer.from(password)] : [];
  const select = database === 0 ? [] : [['SELECT', String(database)]];
  return [['HELLO', '2', ...login], ...select];
}

/** Why the connection is of no use; null = it is. Names neither user nor password. */
export function problemOfGreeting([hello, selected]: readonly Reply[], caller: Caller): string | null {
  if (hello instanceof StoreFailure) return refusedHello(hello.message, caller);
  const facts = factsOf(hello);
  const [release, mode] = [facts.get('version'), facts.get('mode')];
  if (release === undefined || mode === undefined) return `${STRANGER}: it does not know HELLO`;
  if (mode === 'sentinel') return 'the server is a Sentinel, which holds no values';
  if (isTooOld(release)) return `the server is of release ${release.slice(0, 20)}: ${NEEDED}`;
  if (caller.database === 0 || textOf(selected) === 'OK') return null;
  const why = selected instanceof StoreFailure ? selected.message : 'no answer of Redis';
  return `database ${caller.database} is refused: ${withoutUser(why, caller.username)}`;
}

/** A server of today names the user whose right is missing. */
export function withoutUser(refusal: string, username: string | null): string {
  const text = username === null ? refusal : refusal.replaceAll(`User ${username} `, 'this user ');
  return text.slice(0, REFUSAL_LENGTH_MAX);
}

/** Of what came in place of an answer. */
export function strangerText({ message, begin }: NoReply, { password }: Caller): string {
  if (begin.length === 0) return `${STRANGER}: ${message}`;
  const word = /^[!-~]{1,16}/.exec(begin.toString('latin1', 0, 16))?.[0] ?? '';
  if (word.startsWith('HTTP/')) return `${STRANGER}: it speaks HTTP`;
  if (word.startsWith('SSH-')) return `${STRANGER}: it speaks SSH`;
  if (TLS_MARKS.includes(begin[0])) return 'the server speaks TLS: its address begins with rediss://';
  // Whoever says again what it was told says the password too.
  const isTelling = word !== '' && (password === null || password === '' || !word.includes(password));
  return isTelling ? `${STRANGER}: its answer begins with ${JSON.stringify(word)}` : STRANGER;
}

/** Old servers say again what they do not know, the password with it. */
function refusedHello(message: string, { username, password }: Caller): string {
  if (/unknown command/i.test(message)) return `the server does not know HELLO: ${NEEDED}`;
  const text = withoutUser(message, username);
  return password === null || password === '' ? text : text.replaceAll(password, '***');
}

/** Names and values in turn. */
function factsOf(hello: Reply | undefined): ReadonlyMap<string, string> {
  const list = Array.isArray(hello) ? (hello as readonly Reply[]) : [];
  const facts = new Map<string, string>();
  for (let at = 0; at + 1 < list.length; at += 2) facts.set(textOf(list[at]), textOf(list[at + 1]));
  return facts;
}

function textOf(reply: Reply | undefined): string {
  return Buffer.isBuffer(reply) ? reply.toString() : '';
}

function isTooOld(release: string): boolean {
  const [major, minor] = release.split('.').map(Number);
  return major < 6 || (major === 6 && minor < 2);
}
