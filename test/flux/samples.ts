// Specifications as data: samples with the verdict of the platform's own validator, and the ones
// that the project ships.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../flux/rules/finding';

const ROOT = join(__dirname, '../..');

export type Verdict = 'accepted' | 'rejected';

export interface Sample {
  readonly verdict: Verdict;
  readonly file: string;
  readonly document: unknown;
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

export function samples(verdict: Verdict): Sample[] {
  const folder = `test/flux/specs/${verdict}`;
  return readdirSync(join(ROOT, folder)).map((file) => ({
    verdict,
    file,
    document: readJson(`${folder}/${file}`),
  }));
}

/**
 * A copy of flux/app.v8.json in which the value at `path` ("compose.0.ports.1") is another;
 * undefined takes it out.
 */
export function appWith(path: string, value: unknown): unknown {
  return changed(readJson('flux/app.v8.json'), path, value);
}

export function changed(document: unknown, path: string, value: unknown): unknown {
  const copy = structuredClone(document);
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let parent = copy as Record<string, unknown>;
  for (const step of steps) parent = parent[step] as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return copy;
}

/** "error $.name", one for each finding. */
export function verdicts(findings: readonly Finding[]): string[] {
  return findings.map(({ severity, place }) => `${severity} ${place}`);
}
