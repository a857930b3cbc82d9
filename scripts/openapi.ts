// Writes dist/openapi.json, unless it says the same already; the build runs it after compiling.
// node scripts/run-ts.cjs scripts/openapi.ts [FILE]
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { openApiDocument } from './openapi/document';

async function write(file: string): Promise<void> {
  const text = `${JSON.stringify(await openApiDocument(), null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  // By one rename: a node that is asked meanwhile answers the old document or the new one, never
  // half of it.
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}

void write(resolve(process.argv[2] ?? join(__dirname, '..', 'dist', 'openapi.json')));
