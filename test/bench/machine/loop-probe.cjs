// Preloaded into a node, this measures how late its event loop is. On SIGUSR2 it prints what it has
// seen since the last time, as one more line of the log.
const { basename } = require('node:path');
const { monitorEventLoopDelay } = require('node:perf_hooks');

const RESOLUTION_MS = 1;

if (basename(process.argv[1] ?? '') === 'node.js') {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  process.on('SIGUSR2', () => {
    const lateMs = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    const figures = {
      p50_ms: lateMs(histogram.percentile(50)),
      p999_ms: lateMs(histogram.percentile(99.9)),
      max_ms: lateMs(histogram.max),
    };
    histogram.reset();
    const line = { event: 'bench-loop', time: new Date().toISOString(), ...figures };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  });
}
