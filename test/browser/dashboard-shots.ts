// Takes the pictures of the dashboard: node scripts/run-ts.cjs test/browser/dashboard-shots.ts
// FOLDER [scene ...]
import { mkdirSync } from 'node:fs';
import { launchBrowser } from '../support/processes/browser';
import { SCENES, shoot } from './dashboard-scenes';

async function main([folder = '.cache/screenshots', ...names]: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await launchBrowser();
  try {
    for (const scene of SCENES) {
      if (names.length > 0 && !names.includes(scene.name)) continue;
      process.stdout.write(`${await shoot(browser, scene, folder)}\n`);
    }
  } finally {
    await browser.close();
  }
}

void main(process.argv.slice(2));
