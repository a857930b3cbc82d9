// The core has no clock, no randomness and no way to the world: all of it is handed in.
import { ambientUses } from './ambient';
import { typescriptBelow } from './project-files';

const reported = (text: string): string[] => ambientUses({ path: 'core.ts', text });

describe('src/core', () => {
  it('reaches for no clock, randomness, timer, process, package or built-in', () => {
    const files = typescriptBelow('src/core').filter(({ path }) => !path.endsWith('.spec.ts'));
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap(ambientUses)).toEqual([]);
  });
});

describe('the checker', () => {
  it.each([
    ['const now = Date.now();', 'Date'],
    ['const at = new Date();', 'Date'],
    ['let at: Date;', 'Date'],
    ['const now = performance.now();', 'performance'],
    ['setTimeout(() => {}, 1);', 'setTimeout'],
    ['const wait = setInterval;', 'setInterval'],
    ['const settings = { clock: Date };', 'Date'],
    ['const settings = { process };', 'process'],
    ['export function tick(now = Date.now()) { return now; }', 'Date'],
    ['const x = globalThis;', 'globalThis'],
    ['const x = Math.random();', 'Math.random'],
    ["const x = Math['random']();", 'Math.random'],
    ['const { random } = Math;', 'Math.random'],
    ['const { random: draw } = Math;', 'Math.random'],
    ["import { readFileSync } from 'node:fs';", 'node:fs'],
    ["import type { WebSocket } from 'ws';", 'ws'],
    ["export { assert } from 'node:assert';", 'node:assert'],
    ["const fs = await import('fs');", 'fs'],
    ["type Server = import('node:net').Server;", 'node:net'],
    ["const fs = require('fs');", 'require'],
  ])('reports %s', (text, what) => {
    expect(reported(text)).toEqual([`core.ts:1 reaches for ${what}`]);
  });

  it.each([
    '// Date.now() and Math.random() are not for the core',
    "const kind = 'fetch';",
    'const now = clock.performance.now();',
    'interface Sink { fetch(key: string): void; process: number }',
    'class Store { crypto = 1; fetch() {} }',
    'const record = { Date: 1 };',
    'function handle(process: number) { return process; }',
    'const high = Math.max(1, 2);',
    "import { Store } from './store';",
  ])('accepts %s', (text) => {
    expect(reported(text)).toEqual([]);
  });
});
