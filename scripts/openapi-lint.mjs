// Lints an OpenAPI document with Redocly (rules: redocly.yaml); exit code 1 when it says anything
// at all. Nothing is sent anywhere. node scripts/openapi-lint.mjs [FILE]
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');
const file = resolve(process.argv[2] ?? join(root, 'dist', 'openapi.json'));
const redocly = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');
const args = [redocly, 'lint', file, '--config', join(root, 'redocly.yaml'), '--format', 'json'];
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
const { stdout, stderr } = spawnSync(process.execPath, args, {
  cwd: root,
  env,
  encoding: 'utf8',
  maxBuffer: 1 << 26,
});

let report;
try {
  report = JSON.parse(stdout);
} catch {
  console.error(`Redocly failed:\n${stdout}${stderr}`);
  process.exit(1);
}
for (const { ruleId, severity, message, location } of report.problems) {
  console.error(`${severity} ${ruleId}: ${message}\n  at ${location[0]?.pointer ?? '?'}`);
}
console.log(`${file}: ${report.totals.errors} errors, ${report.totals.warnings} warnings`);
process.exit(report.problems.length === 0 ? 0 : 1);
