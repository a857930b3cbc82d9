// What is said of a node: one word for its state, one sentence for what happened to it.
import { isFull } from '../network/verdict';
import type { NodeSeen } from '../network/node-seen';
import type { Transition } from '../network/transitions';
import { duration } from './format';

/** How a state looks; each has its own colour, line and word. */
export type Tone = 'well' | 'busy' | 'warn' | 'bad' | 'gone';

export interface Standing {
  readonly tone: Tone;
  readonly word: string;
}

/** The one thing to say of a node; the most serious when there are several. */
export function standing(node: NodeSeen): Standing {
  switch (node.health) {
    case 'dead':
      return { tone: 'bad', word: 'dead' };
    case 'suspect':
      return { tone: 'warn', word: 'suspect' };
    case 'left':
      return { tone: 'gone', word: 'left' };
    case 'draining':
      return { tone: 'gone', word: 'stopping' };
    case 'syncing':
      return { tone: 'busy', word: 'syncing' };
    case 'alive':
      return ofLive(node);
  }
}

function ofLive(node: NodeSeen): Standing {
  if (isFull(node)) return { tone: 'warn', word: 'full' };
  if (node.peer?.isLagging === true) return { tone: 'warn', word: 'lagging' };
  if (node.peer?.isIndirect === true) return { tone: 'warn', word: 'indirect' };
  return { tone: 'well', word: 'alive' };
}

/** For those who hear the map instead of seeing it. */
export function spoken(node: NodeSeen): string {
  const { name, port, peer, self } = node;
  const role = self === null ? '' : ', this view is its own';
  const trip = peer?.rttMs === null || peer === null ? '' : `, round trip ${duration(peer.rttMs)}`;
  return `${name}, port ${port}, ${standing(node).word}${trip}${role}`;
}

/** What became of the node, after its name. */
export function happened({ to, from }: Transition): string {
  switch (to) {
    case 'alive':
      return from === 'syncing' ? 'is in step' : 'is alive again';
    case 'dead':
      return 'died';
    case 'suspect':
      return 'does not answer';
    case 'left':
      return 'left';
    case 'syncing':
      return 'fills up from its peers';
    case 'draining':
      return 'is about to stop';
    case 'joined':
      return 'joined';
    case 'returned':
      return 'came back as a new process';
    case 'forgotten':
      return 'is forgotten';
  }
}

export function toneOf({ to }: Transition): Tone {
  switch (to) {
    case 'alive':
    case 'joined':
    case 'returned':
      return 'well';
    case 'dead':
      return 'bad';
    case 'suspect':
      return 'warn';
    case 'left':
    case 'draining':
    case 'forgotten':
      return 'gone';
    case 'syncing':
      return 'busy';
  }
}

/** Up to three characters for where the name has no room: its number, or its end. */
export function shortName(name: string, port: number): string {
  const number = /(\d{1,3})$/.exec(name)?.[1];
  return number ?? String(port).slice(-2);
}

/** At most `length` characters; the end is where names differ. */
export function cut(name: string, length: number): string {
  return name.length <= length ? name : `…${name.slice(1 - length)}`;
}
