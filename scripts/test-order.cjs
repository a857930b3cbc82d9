// In which order jest starts the test files: the longest first, so that none of them is left alone
// at the end, and those that wait (they start processes or a browser) mixed with those that
// compute, so that both the processors and the waits are used throughout.
const { readFileSync } = require('node:fs');
const { join, relative, sep } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

const ROOT = join(__dirname, '..');
const DURATIONS = join(__dirname, 'test-durations.json');
const WAITING = new Set(['cluster', 'chaos', 'browser']);
/** What a file takes that is too short to be noted, seconds. */
const SHORT = 3;

/** Both halves longest first, merged so that each is through to the same share at any time. */
function merged(halves, secondsOf) {
  const lanes = halves.map((tests) => {
    const longestFirst = [...tests].sort((a, b) => secondsOf(b) - secondsOf(a));
    const total = longestFirst.reduce((sum, test) => sum + secondsOf(test), 0);
    let before = 0;
    return longestFirst.map((test) => {
      const share = before / total;
      before += secondsOf(test);
      return { test, share };
    });
  });
  return lanes
    .flat()
    .sort((a, b) => a.share - b.share)
    .map(({ test }) => test);
}

module.exports = class extends Sequencer {
  sort(tests) {
    const noted = JSON.parse(readFileSync(DURATIONS, 'utf8'));
    const secondsOf = ({ path }) => noted[relative(ROOT, path).split(sep).join('/')] ?? SHORT;
    const waits = ({ context }) => WAITING.has(context.config.displayName?.name);
    const halves = [tests.filter(waits), tests.filter((test) => !waits(test))];
    return merged(halves, secondsOf);
  }
};
