// What a node is called: by its operator (REPRAM_NODE_ID), or by its place among the launcher's
// nodes.

const NUMBERED = 'flux-node-';

/** @param given REPRAM_NODE_ID, '' = not set */
export function nodeName(given: string, index: number, underLauncher: boolean): string {
  if (given === '') return `${NUMBERED}${index}`;
  return underLauncher ? `${given}-${index}` : given;
}

/** Whether an operator chose the name, as far as it shows. */
export function isGivenName(name: string): boolean {
  return !(name.startsWith(NUMBERED) && /^\d+$/.test(name.slice(NUMBERED.length)));
}
