// Why a server did not do what it was asked, and what to do about it.

import { EngineBusy } from '../../runtime/data-engine';

/**
 * `unsent`: no byte of the command was written. `lost`: it was, and no answer came; what it would
 * have done may be done. `answered`: the server refused.
 */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';

  constructor(
    readonly stage: 'unsent' | 'lost' | 'answered',
    message: string,
  ) {
    super(message);
  }
}

/** More commands wait for one server than may. */
export class StoreBusy extends EngineBusy {
  override readonly name = 'StoreBusy';
}

/** No more room at the server (OOM). */
export class StoreFull extends Error {
  override readonly name = 'StoreFull';
}

export type Remedy =
  /** Another server has it: for good, or this key alone while its slot moves. */
  | { readonly kind: 'moved' | 'ask'; readonly endpoint: string }
  | { readonly kind: 'load-script' }
  /** It may be possible in a moment: another primary is elected, a slot moves, a server loads. */
  | { readonly kind: 'later'; readonly isElsewhere: boolean }
  | { readonly kind: 'full' }
  /** An answer never came, and the command may have been done. */
  | { readonly kind: 'in-doubt' }
  | { readonly kind: 'none' };

/**
 * `isElsewhere`: the place of the bucket is asked for anew. Redis refuses in words; the first is
 * the code.
 */
export function remedyFor(error: unknown): Remedy {
  if (!(error instanceof StoreFailure)) return { kind: 'none' };
  if (error.stage === 'unsent') return { kind: 'later', isElsewhere: true };
  if (error.stage === 'lost') return { kind: 'in-doubt' };
  const [code, , endpoint = ''] = error.message.split(' ');
  switch (code) {
    case 'MOVED':
      return { kind: 'moved', endpoint };
    case 'ASK':
      return { kind: 'ask', endpoint };
    case 'NOSCRIPT':
      return { kind: 'load-script' };
    case 'OOM':
      return { kind: 'full' };
    case 'READONLY':
    case 'CLUSTERDOWN':
    case 'MASTERDOWN':
      return { kind: 'later', isElsewhere: true };
    case 'TRYAGAIN':
    case 'LOADING':
    case 'BUSY':
    case 'NOREPLICAS':
    case 'MISCONF':
      return { kind: 'later', isElsewhere: false };
    default:
      return withinScript(error.message);
  }
}

/** It has no more room. */
export function isFull(message: string): boolean {
  return /\bOOM\b/.test(message);
}

/** The server can be read from, and takes no writes for the time being. */
export function refusesWrites(message: string): boolean {
  return /READONLY|read.?only replica|NOREPLICAS|MISCONF/i.test(message);
}

/** A script is refused in other words where a command of its own would be refused. */
function withinScript(message: string): Remedy {
  if (isFull(message)) return { kind: 'full' };
  if (/non local key|CLUSTERDOWN|cluster is down/i.test(message))
    return { kind: 'later', isElsewhere: false };
  if (/READONLY|read.?only replica|MASTERDOWN/i.test(message)) return { kind: 'later', isElsewhere: true };
  if (/NOREPLICAS|MISCONF/.test(message)) return { kind: 'later', isElsewhere: false };
  return { kind: 'none' };
}
