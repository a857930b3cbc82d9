// Entry of one node process. It hears signals before it loads anything else.
import { outliveTerminal } from './output/lost-terminal';
import { Signals } from './output/signals';

outliveTerminal();
const signals = new Signals();
void import('./node-process').then(({ runNodes }) => runNodes(signals));
