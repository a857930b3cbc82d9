// A real browser for tests, from npm packages alone: the Chromium of @sparticuz/chromium, unpacked
// once per version into the system's folder for temporary files. CHROME_PATH names another Chromium
// to use instead.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/**
 * Starts a headless browser; the caller closes it. The first call on a machine unpacks it, which
 * takes some seconds. Only --no-sandbox is passed: the package's own arguments weaken the browser
 * (no same-origin policy, one process).
 */
export async function launchBrowser(): Promise<Browser> {
  const own = process.env.CHROME_PATH;
  if (own !== undefined && own !== '') {
    return chromium.launch({ executablePath: own, args: ['--no-sandbox'] });
  }
  const folder = unpackedChromium();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: ['--no-sandbox'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  });
}

/**
 * The folder of the unpacked Chromium. It appears under its name only when complete, by one rename,
 * so that an interrupted or a simultaneous run never leaves half a browser.
 */
function unpackedChromium(): string {
  const packed = join(dirname(require.resolve('@sparticuz/chromium')), '..', '..');
  const { version } = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as { version: string };
  const folder = join(tmpdir(), `repram-chromium-${version}-${String(process.getuid?.() ?? 'user')}`);
  if (existsSync(folder)) return folder;
  const staging = mkdtempSync(`${folder}.`);
  try {
    unpackInto(staging, packed);
    writeFileSync(join(staging, 'fonts.conf'), fontsConfig(folder));
    renameSync(staging, folder);
  } catch (error) {
    if (!existsSync(join(folder, 'chromium'))) throw error;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return folder;
}

/**
 * In a process of its own, because the package takes its target and its runtime from the
 * environment.
 */
function unpackInto(staging: string, packed: string): void {
  execFileSync(process.execPath, ['-e', 'require(process.argv[1]).executablePath()', packed], {
    env: { ...process.env, TMPDIR: staging, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** The package's own file expects everything in /tmp. */
function fontsConfig(folder: string): string {
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    `  <dir>${join(folder, 'fonts')}</dir>`,
    `  <cachedir>${join(folder, 'fonts-cache')}</cachedir>`,
    '</fontconfig>',
    '',
  ].join('\n');
}
