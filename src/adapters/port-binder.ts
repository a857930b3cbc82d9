// Claims a TCP port. The bind is the claim: the kernel lets one process listen on a port. So
// EADDRINUSE is the only lock there is, and a process that dies has nothing to release. After the
// bind the node greets itself, because some networks let two listeners share a port (127.0.0.1
// beside 0.0.0.0, proxies of container runtimes). When another process answers there, the port is
// given back and the next one tried.

export interface PortClaim {
  /** Ports in the order to try them, from `portOrder`. */
  readonly candidates: readonly number[];
  /** Binds, or rejects with the system's error. May be called again after a rejection. */
  readonly listen: (port: number) => Promise<void>;
  /** Asks over loopback what answers on the port just bound. */
  readonly greetSelf: (port: number) => Promise<'self' | 'other' | Unreachable>;
  /** Undoes `listen`. */
  readonly release: (port: number) => Promise<void>;
  /** What answers on a port that was not free, in words for the log. */
  readonly describe: (port: number) => Promise<string>;
}

/** There is no way over loopback, whatever the port. */
export interface Unreachable {
  /** The system's. */
  readonly unreachable: string;
}

export interface TakenPort {
  readonly port: number;
  /**
   * `in-use`: EADDRINUSE. `not-permitted`: EACCES. `shared`: bound, but another process answered.
   */
  readonly reason: 'in-use' | 'not-permitted' | 'shared';
  readonly holder: string;
}

export type PortOutcome =
  | { readonly kind: 'claimed'; readonly port: number; readonly skipped: readonly number[] }
  /** No candidate was free; every one of them is listed. */
  | { readonly kind: 'taken'; readonly taken: readonly TakenPort[] }
  /** It is not about ports: no other one would do better. `code` is the system's. */
  | { readonly kind: 'unbindable'; readonly code: string; readonly port: number }
  /** The same: it could be bound, and nothing can be reached over loopback. */
  | { readonly kind: 'unreachable'; readonly code: string };

/**
 * The ports of a range in the order in which node `index` (from 1) tries them: its own first,
 * `basePort + index - 1`, then the range upwards. The range is `maxPorts` long and ends at 65535.
 */
export function portOrder(basePort: number, maxPorts: number, index: number): number[] {
  const end = Math.min(basePort + maxPorts, 65_536);
  const range = Array.from({ length: Math.max(0, end - basePort) }, (_, offset) => basePort + offset);
  const own = basePort + index - 1;
  return range.includes(own) ? [own, ...range.filter((port) => port !== own)] : range;
}

/** Rejects only for errors of `listen` that do not come from the system. */
export async function claimPort(claim: PortClaim): Promise<PortOutcome> {
  const lost: { port: number; reason: TakenPort['reason'] }[] = [];
  for (const port of claim.candidates) {
    const result = await tryPort(claim, port);
    if (result === 'claimed') return { kind: 'claimed', port, skipped: lost.map((each) => each.port) };
    if (typeof result === 'object') {
      return 'unreachable' in result
        ? { kind: 'unreachable', code: result.unreachable }
        : { kind: 'unbindable', code: result.code, port };
    }
    lost.push({ port, reason: result });
  }
  const taken = lost.map(async (each) => ({
    ...each,
    holder: each.reason === 'not-permitted' ? 'not permitted' : await claim.describe(each.port),
  }));
  return { kind: 'taken', taken: await Promise.all(taken) };
}

type Tried = 'claimed' | TakenPort['reason'] | { readonly code: string } | Unreachable;

async function tryPort(claim: PortClaim, port: number): Promise<Tried> {
  try {
    await claim.listen(port);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
    if (code === undefined) throw error;
    if (code === 'EADDRINUSE') return 'in-use';
    return code === 'EACCES' ? 'not-permitted' : { code };
  }
  const greeted = await claim.greetSelf(port);
  if (greeted === 'self') return 'claimed';
  await claim.release(port);
  return greeted === 'other' ? 'shared' : greeted;
}
