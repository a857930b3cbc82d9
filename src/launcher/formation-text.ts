// What people see on the terminal when the nodes have formed their network: which node is where,
// and what to try.
import type { FormedNetwork, FormedNode } from './formation';

export interface TextStyle {
  /** Whether the terminal shows colors. */
  readonly colors: boolean;
  /** Address the nodes bind; '' = all. */
  readonly bindAddress: string;
}

/** A paragraph of its own, with an empty line before and after. */
export function formationText(network: FormedNetwork, style: TextStyle): string {
  const { nodes, durationMs } = network;
  const host = urlHost(style.bindAddress);
  const bold = (text: string): string => (style.colors ? `\u001b[1m${text}\u001b[22m` : text);
  const dim = (text: string): string => (style.colors ? `\u001b[2m${text}\u001b[22m` : text);
  const count = nodes.length === 1 ? '1 node is up' : `${nodes.length} nodes formed one network`;
  const [header, ...rows] = alignedRows(nodes, host);
  const tries = alignedColumns(thingsToTry(nodes, host), (row) => `${row[0]}  ${dim(row[1])}`);
  const lines = [
    bold(`REPRAM: ${count} in ${(durationMs / 1000).toFixed(1)} s`),
    '',
    dim(header),
    ...rows,
    '',
    bold('Things to try'),
    ...tries,
  ];
  return `\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n\n`;
}

/** The host part of a URL that reaches a node bound to `bindAddress` from this machine. */
export function urlHost(bindAddress: string): string {
  if (['', '::', '0.0.0.0'].includes(bindAddress)) return 'localhost';
  return bindAddress.includes(':') ? `[${bindAddress}]` : bindAddress;
}

function alignedRows(nodes: readonly FormedNode[], host: string): string[] {
  const table = [
    ['node', 'port', 'url', 'state', 'peers', 'pid'],
    ...nodes.map((node) => [
      node.name,
      String(node.port),
      `http://${host}:${node.port}`,
      node.state,
      String(node.livePeers),
      String(node.pid),
    ]),
  ];
  return alignedColumns(table, (row) => row.join('  ').trimEnd());
}

function alignedColumns(table: readonly string[][], join: (row: readonly string[]) => string): string[] {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  return table.map((row) =>
    join(row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column])))),
  );
}

function thingsToTry(nodes: readonly FormedNode[], host: string): string[][] {
  const first = `${host}:${nodes[0].port}`;
  const other = `${host}:${nodes[nodes.length > 1 ? 1 : 0].port}`;
  return [
    [`curl -X PUT -d "test" "${first}/data/test?ttl=600"`, 'keep a value for ten minutes'],
    [`curl ${other}/data/test`, nodes.length > 1 ? 'read it from another node' : 'read it'],
    [`curl ${first}/peers`, 'who else is there'],
    [`http://${first}/`, 'Fade, the message board, in a browser'],
    ['Ctrl-C', 'stop; what only these nodes hold is gone then'],
  ];
}
