// For code that is preloaded into a node: changes the text of its program (dist/node-program.js)
// before it is compiled.
const vm = require('node:vm');

/** Fails the process when `pattern` is not in the program. */
module.exports = function alterProgram(pattern, replacement) {
  const { Script } = vm;
  vm.Script = class extends Script {
    constructor(source, { filename }) {
      if (!pattern.test(source)) throw new Error(`${filename} has nothing like ${pattern}`);
      super(source.replace(pattern, replacement), { filename });
    }
  };
};
