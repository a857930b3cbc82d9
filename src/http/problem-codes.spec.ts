import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEM_CODES } from './problem-codes';

it('docs/errors.md lists exactly the codes the code has, with their statuses, in the same order', () => {
  const text = readFileSync(join(__dirname, '..', '..', 'docs', 'errors.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \| .+ \| .+ \|$/gm)];
  const documented = rows.map(([, code, status]) => [code, Number(status)]);
  expect(documented).toEqual(Object.entries(PROBLEM_CODES).map(([code, { status }]) => [code, status]));
});
