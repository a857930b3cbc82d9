// The state of a node or member, with a colour that says whether that is well.
import type { Paint } from './paint';

export function stateText(state: string, paint: Paint): string {
  if (['ready', 'alive'].includes(state)) return paint('green', state);
  return paint(['dead', 'silent'].includes(state) ? 'red' : 'yellow', state);
}
