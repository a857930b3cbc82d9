// Preloaded into a node, this tells at its end how large its heap may become.
const { getHeapStatistics } = require('node:v8');

process.on('exit', () => {
  process.stdout.write(`${Math.round(getHeapStatistics().heap_size_limit / 1_048_576)} MB\n`);
});
