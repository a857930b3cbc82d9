// Preloaded into a node, this tells whether V8 took the code that was compiled beforehand.
const vm = require('node:vm');

const { Script } = vm;
vm.Script = class extends Script {
  constructor(source, options) {
    super(source, options);
    const { cachedDataRejected: refused } = this;
    process.stdout.write(refused === undefined ? 'none\n' : refused ? 'refused\n' : 'taken\n');
  }
};
